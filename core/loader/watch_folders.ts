import type { Clock } from "../base/mod.ts";

/** How folders are watched. */
export interface WatchFoldersOptions {
  /** Where time comes from. */
  readonly clock: Clock;
  /** How long nothing must change before it is told, in milliseconds. */
  readonly debounceMs: number;
  /** Called after changes, once they are over; never while a call before has not ended. */
  readonly onChange: () => Promise<void>;
}

/**
 * Watches folders with everything below them. Changes that come together are told once.
 *
 * @param folders Paths of the folders.
 * @param options How long to wait, and whom to tell.
 * @returns Ends it, after the call that is under way.
 */
export function watchFolders(
  folders: readonly string[],
  { clock, debounceMs, onChange }: WatchFoldersOptions,
): AsyncDisposable {
  const watcher = Deno.watchFs([...folders]);
  let timer: Disposable | undefined;
  let work = Promise.resolve();
  const reading = (async () => {
    for await (const { kind } of watcher) {
      if (kind === "access") continue;
      timer?.[Symbol.dispose]();
      timer = clock.after(debounceMs, () => {
        work = work.then(onChange);
      });
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      watcher.close();
      await reading;
      timer?.[Symbol.dispose]();
      await work;
    },
  };
}
