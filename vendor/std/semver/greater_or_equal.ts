export { greaterOrEqual } from "./mod.ts";
