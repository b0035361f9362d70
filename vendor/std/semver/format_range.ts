export { formatRange } from "./mod.ts";
