export default { metadata: { id: "acme.to\u0323ols", version: "1.0.0" } };
