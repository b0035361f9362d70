import "node:fs";
export default 1;
