export { poll, type PollOptions } from "./mod.ts";
