// The border between host and sandbox, for tests that stay in one process.

import { assertEquals } from "@std/assert";
import type { Remote } from "../../core/mod.ts";
import type {
  RemoteExposer,
  RemoteFunction,
} from "../../core/sandbox/guest/mod.ts";

/** A sandbox that hands nothing out. */
export const NO_EXPOSER: RemoteExposer = {
  expose: () => {
    throw new Error("Nothing is handed out here");
  },
};

/** A host that calls nothing. */
export const NO_REMOTE: Remote = {
  call: () => Promise.reject(new Error("Nothing is called here")),
};

/** Functions that are handed out on one side and called on the other, with copies of all data. */
export function makeBorder(): RemoteExposer & Remote {
  const functions: RemoteFunction[] = [];
  return {
    expose: (fn) => functions.push(fn) - 1,
    async call(handle, args, bytes = new Uint8Array()) {
      const { value, bytes: back = new Uint8Array() } =
        await functions[handle]!(structuredClone(args), bytes.slice());
      return { value: structuredClone(value), bytes: back.slice() };
    },
  };
}

Deno.test("makeBorder() calls what was handed out", async () => {
  const border = makeBorder();
  const handle = border.expose((args, bytes) => ({ value: args, bytes }));
  const { value, bytes } = await border.call(handle, 7, Uint8Array.of(1));
  assertEquals([value, bytes], [7, Uint8Array.of(1)]);
});
