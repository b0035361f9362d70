import { replaceFile } from "../core/base/mod.ts";
import type { CheckpointStore } from "../nn/mod.ts";
import { checkpointUnreadable } from "./errors.ts";
import { toPath } from "./to_path.ts";

/**
 * Keeps the checkpoint of a training in a file. It is replaced at once or not at all: whenever the
 * process ends, a complete checkpoint is there. One process at a time may write to it.
 *
 * @example What a program begins with that may be started again and again
 * ```ts ignore
 * const store = checkpointFile("out/digits.checkpoint");
 * await trainer.resume(store);
 * await trainer.fit(data, { epochs: 20, checkpoint: { store, everySteps: 100 } });
 * ```
 *
 * @param path The file. Its folder is made if it is not there.
 * @returns The store; its methods throw `CHECKPOINT_UNREADABLE` if the file cannot be accessed.
 */
export function checkpointFile(path: string | URL): CheckpointStore {
  const target = toPath(path);
  return {
    async write(bytes) {
      try {
        const end = target.lastIndexOf("/");
        if (end > 0) {
          await Deno.mkdir(target.slice(0, end), { recursive: true });
        }
        // One name, so that what a killed process left behind is written over by the next one.
        const draft = `${target}.draft`;
        await replaceFile(target, bytes, { draft, sync: true });
      } catch (error) {
        throw checkpointUnreadable(target, error);
      }
    },
    async read() {
      try {
        return await Deno.readFile(target);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw checkpointUnreadable(target, error);
      }
    },
  };
}
