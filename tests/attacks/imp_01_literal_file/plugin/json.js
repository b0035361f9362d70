import secret from "/etc/hostname" with { type: "json" };
export default secret;
