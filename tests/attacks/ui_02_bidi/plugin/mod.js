export default { metadata: { id: "att\u202eack", version: "1.0.0" } };
