export { increment, type IncrementOptions } from "./mod.ts";
