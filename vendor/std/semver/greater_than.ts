export { greaterThan } from "./mod.ts";
