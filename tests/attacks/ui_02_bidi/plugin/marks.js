export default { metadata: { id: "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306ttack", version: "1.0.0" } };
