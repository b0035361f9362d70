/** An error and all that caused it. */
export function* causesOf(error: unknown): Generator<object> {
  for (let one = error; one instanceof Object;) {
    yield one;
    for (const inner of [Reflect.get(one, "failures")].flat()) {
      if (inner instanceof Object) yield* causesOf(inner);
    }
    one = Reflect.get(one, "cause");
  }
}
