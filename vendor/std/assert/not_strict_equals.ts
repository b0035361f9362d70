export { assertNotStrictEquals } from "./mod.ts";
