export { greaterThanRange } from "./mod.ts";
