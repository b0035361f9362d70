export { tryParse } from "./mod.ts";
