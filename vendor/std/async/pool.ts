export { pooledMap } from "./mod.ts";
