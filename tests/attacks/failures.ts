// What comes of what must fail.

/** Does what must fail, and gives what it failed with. */
export async function failureOf(
  work: () => Promise<unknown>,
): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing failed");
}

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

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Object ? String(Reflect.get(error, "message")) : "";
}

/** Does what must fail, and gives its code and those of all that caused it. */
export async function codesOf(work: () => Promise<unknown>): Promise<string[]> {
  const causes = [...causesOf(await failureOf(work))];
  return causes.map((one) => String(Reflect.get(one, "code")));
}
