export { assertFalse, type Falsy } from "./mod.ts";
