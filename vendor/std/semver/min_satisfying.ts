export { minSatisfying } from "./mod.ts";
