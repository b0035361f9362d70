export { satisfies } from "./mod.ts";
