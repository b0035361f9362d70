export { parseRange } from "./mod.ts";
