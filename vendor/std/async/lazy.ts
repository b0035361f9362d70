export { Lazy, type LazyGetOptions } from "./mod.ts";
