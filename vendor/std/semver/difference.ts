export { difference } from "./mod.ts";
