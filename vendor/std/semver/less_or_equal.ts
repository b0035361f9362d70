export { lessOrEqual } from "./mod.ts";
