// The secret that no message, log line or error may hold, and how they are searched for it.

import { assert } from "@std/assert";
import { causesOf } from "./causes.ts";

/** What all places of the secret have in common. */
export const CANARY = "canary-7e41b9";

/** The secret, place by place, so that a test that finds it tells where it came from. */
export const CANARIES: Readonly<Record<"file" | "env" | "server", string>> = {
  file: `${CANARY}-file`,
  env: `${CANARY}-env`,
  server: `${CANARY}-server`,
};

/** Everything that an error says, with all that caused it. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Object)) return String(error);
  return [...causesOf(error)].map((one) =>
    ["name", "message", "stack", "code", "details", "lastWords"]
      .map((key) => textOf(Reflect.get(one, key)))
  ).join("\n");
}

/** Requires that none of it holds the secret. */
export function assertSilent(what: unknown): void {
  const said = what instanceof Error ? wordsOf(what) : textOf(what);
  const at = said.indexOf(CANARY);
  const place = said.slice(Math.max(0, at - 80), at + CANARY.length + 10);
  assert(at < 0, `the canary was seen: ${place}`);
}

/** What a value says: what JSON leaves out counts too. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value, (_, inner) => {
      if (inner instanceof Error) return wordsOf(inner);
      if (typeof inner === "bigint") return String(inner);
      if (ArrayBuffer.isView(inner)) {
        const { buffer, byteOffset, byteLength } = inner;
        return new TextDecoder()
          .decode(new Uint8Array(buffer, byteOffset, byteLength).slice());
      }
      return inner;
    }) ?? "";
  } catch {
    return String(value);
  }
}
