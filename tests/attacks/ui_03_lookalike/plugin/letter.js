export default { metadata: { id: "\u0430cme.tools", version: "1.0.0" } };
