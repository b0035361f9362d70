export default { metadata: { id: "att\u001b[2Jack", version: "1.0.0", name: "\u001b]0;title\u0007" } };
