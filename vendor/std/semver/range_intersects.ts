export { rangeIntersects } from "./mod.ts";
