export { isRange } from "./mod.ts";
