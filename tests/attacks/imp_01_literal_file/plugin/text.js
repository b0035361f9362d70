import secret from "file:///etc/hostname" with { type: "text" };
export default secret;
