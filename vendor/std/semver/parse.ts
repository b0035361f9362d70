export { parse } from "./mod.ts";
