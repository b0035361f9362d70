export { MuxAsyncIterator } from "./mod.ts";
