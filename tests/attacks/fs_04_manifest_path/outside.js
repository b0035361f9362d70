// What the plugin would be, if it could be named.
export default { metadata: { id: "attack", version: "1.0.0" } };
