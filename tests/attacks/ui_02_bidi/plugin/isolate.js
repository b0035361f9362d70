export default { metadata: { id: "\u2067att\u2069ack", version: "1.0.0" } };
