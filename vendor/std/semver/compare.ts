export { compare } from "./mod.ts";
