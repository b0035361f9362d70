export default { metadata: { id: "attack", version: "1.0.0" } };
