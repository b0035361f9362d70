/**
 * Tells whether a value can be waited for, whoever made it.
 *
 * @param value What foreign code returned.
 * @returns Whether it has a `then`.
 * @throws What a getter for `then` throws.
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
