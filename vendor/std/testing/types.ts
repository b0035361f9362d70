/**
 * Stand-in for `jsr:@std/testing/types` where JSR cannot be reached:
 * assertions about types, which the type checker makes.
 *
 * @module
 */
// deno-lint-ignore-file no-explicit-any

/** Asserts that the type given is the literal type given. */
export function assertType<T extends boolean>(_expectTrue: T): void {}

/** Does not compile unless `T` is `true`. */
export type AssertTrue<T extends true> = never;

/** Does not compile unless `T` is `false`. */
export type AssertFalse<T extends false> = never;

/** Does not compile unless `T` is `Expected`. */
export type Assert<T extends boolean, Expected extends T> = never;

/** Whether `T` is `any`. */
export type IsAny<T> = 0 extends 1 & T ? true : false;

/** Whether `T` is `never`. */
export type IsNever<T> = [T] extends [never] ? true : false;

/** Whether `T` is `unknown`. */
export type IsUnknown<T> = IsAny<T> extends true ? false
  : unknown extends T ? true
  : false;

/** Whether `T` may be `null` or `undefined`. */
export type IsNullable<T> = Extract<T, null | undefined> extends never ? false
  : true;

/** Whether some of the union `T` is a `U`. */
export type Has<T, U> = IsAny<T> extends true ? true
  : IsAny<U> extends true ? false
  : Extract<T, U> extends never ? false
  : true;

/** Whether none of the union `T` is a `U`. */
export type NotHas<T, U> = Has<T, U> extends false ? true : false;

/** Whether two types are the same to the type checker. */
export type IsExact<T, U> = (<X>() => X extends T ? 1 : 2) extends
  (<X>() => X extends U ? 1 : 2) ? true : false;
