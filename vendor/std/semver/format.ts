export { format } from "./mod.ts";
