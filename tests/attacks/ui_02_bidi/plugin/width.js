export default { metadata: { id: "att\u200back", version: "1.0.0" } };
