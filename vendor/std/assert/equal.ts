export { equal } from "./mod.ts";
