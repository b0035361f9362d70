export { lessThanRange } from "./mod.ts";
