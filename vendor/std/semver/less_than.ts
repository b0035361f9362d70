export { lessThan } from "./mod.ts";
