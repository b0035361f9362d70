export default { metadata: { id: "\u0430\u0441\u043c\u0435.tools", version: "1.0.0" } };
