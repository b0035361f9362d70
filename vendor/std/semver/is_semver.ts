export { isSemVer } from "./mod.ts";
