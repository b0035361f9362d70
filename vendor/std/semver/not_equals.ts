export { notEquals } from "./mod.ts";
