export default { metadata: { id: "acme.tools", version: "1.0.0" } };
