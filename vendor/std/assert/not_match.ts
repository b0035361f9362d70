export { assertNotMatch } from "./mod.ts";
