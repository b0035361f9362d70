export { maxSatisfying } from "./mod.ts";
