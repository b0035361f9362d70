export { retry, RetryError, type RetryOptions } from "./mod.ts";
