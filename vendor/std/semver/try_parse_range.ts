export { tryParseRange } from "./mod.ts";
