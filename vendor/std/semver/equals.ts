export { equals } from "./mod.ts";
