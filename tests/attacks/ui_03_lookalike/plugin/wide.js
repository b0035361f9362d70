export default { metadata: { id: "\uff41cme.tools", version: "1.0.0" } };
