// What comes of what must fail.

import { assertSilent } from "./canary.ts";
import { causesOf } from "./causes.ts";

/** Does what must fail, and gives what it failed with: no secret is in it. */
export async function failureOf(
  work: () => Promise<unknown>,
): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    assertSilent(error);
    return error;
  }
  throw new Error("Nothing failed");
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
