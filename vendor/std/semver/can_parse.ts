export { canParse } from "./mod.ts";
