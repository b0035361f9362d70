import { assertFunction } from "../../../core/base/mod.ts";
import { dataWorkerFailed } from "../data_errors.ts";
import type { Answer, Order } from "./messages.ts";

/**
 * Makes a module one that {@linkcode mapInWorkers} can be given: whatever items come are changed by a
 * function, one after another.
 *
 * @example A module of its own, `decode.ts`
 * ```ts ignore
 * import { decodeImage, serveItems } from "@spiraltorch/spiraltorch/data";
 *
 * serveItems((bytes: Uint8Array) => decodeImage(bytes));
 * ```
 *
 * @typeParam Item What comes.
 * @param change The function; what it throws is told where the items come from.
 * @throws {OptionError} `INVALID_OPTION` if it is no function.
 * @throws {NnError} `DATA_WORKER_FAILED` if the module does not run in a worker.
 */
export function serveItems<Item>(
  change: (item: Item) => unknown | Promise<unknown>,
): void {
  assertFunction("serveItems change", change);
  const post: unknown = Reflect.get(globalThis, "postMessage");
  if (typeof post !== "function") {
    throw dataWorkerFailed(import.meta.url, "serveItems() is for workers");
  }
  const say = (message: Answer) => Reflect.apply(post, globalThis, [message]);
  let before: Promise<void> = Promise.resolve();
  addEventListener("message", (event) => {
    if (!(event instanceof MessageEvent)) return;
    const { number, item }: Order = event.data;
    before = before.then(async () => {
      const answer = await answerOf(number, () => change(item as Item));
      try {
        say(answer);
      } catch (error) {
        // A value that cannot be copied.
        say({ kind: "failed", number, reason: reasonOf(error) });
      }
    });
  });
  say({ kind: "ready" });
}

async function answerOf(
  number: number,
  make: () => unknown,
): Promise<Answer> {
  try {
    return { kind: "done", number, value: await make() };
  } catch (error) {
    return { kind: "failed", number, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
