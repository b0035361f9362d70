import { describeFailure } from "../events/describe_failure.ts";
import type { LogRecord } from "../plugin/context.ts";
import type { ReloadReport } from "../plugin/registry_options.ts";
import { specifierInvalid } from "./errors.ts";
import type { LoadedSource } from "./loaded_source.ts";
import { readModulesNow } from "./read_modules.ts";
import { watchFolders } from "./watch_folders.ts";
import type { CheckedWatchOptions, WatchReport } from "./watch_options.ts";

/** What a watch may do with the plugins of a specifier. */
export interface WatchedLoader {
  /** Where it writes what nobody waits for. */
  readonly log: (record: LogRecord) => void;
  /**
   * Reloads them, if their modules are wanted.
   *
   * @param specifier Where they were loaded from.
   * @param isWanted Told the digest of the modules as they are now.
   * @returns What came of it; `undefined` if they were not wanted.
   */
  reload(
    specifier: string,
    isWanted: (digest: string) => boolean,
  ): Promise<readonly ReloadReport[] | undefined>;
  /**
   * Unloads them, with those that depend on them.
   *
   * @param specifier Where they were loaded from.
   * @returns Ids of the plugins that are gone.
   */
  unload(specifier: string): Promise<readonly string[]>;
}

/**
 * Reloads plugins when their files change. Everything below the folder of an entry counts, since that
 * is where its modules come from; what changes nothing in the modules reloads nothing.
 *
 * @param sources Where the plugins came from.
 * @param options How long to wait, and who is told.
 * @param loader What reloads them.
 * @returns Ends it.
 * @throws {PluginError} `SPECIFIER_INVALID` for a source that is no file.
 */
export function watchSources(
  sources: readonly LoadedSource[],
  options: CheckedWatchOptions,
  loader: WatchedLoader,
): AsyncDisposable {
  const watched = sources.map((source) => new WatchedSource(source, loader));
  const folders = new Set(sources.map(({ url }) => pathOf(new URL(".", url))));
  return watchFolders([...folders], {
    ...options,
    async onChange() {
      for (const source of watched) {
        const report = await source.look(options);
        if (report !== undefined) tell(report, options, loader.log);
      }
    },
  });
}

/** One source whose files are watched. */
class WatchedSource {
  readonly #source: LoadedSource;
  readonly #loader: WatchedLoader;
  /** The form that was tried last; one that failed is not tried again. */
  #digest: string;
  #isThere = true;

  constructor(source: LoadedSource, loader: WatchedLoader) {
    if (!source.url.startsWith("file:")) {
      throw specifierInvalid(source.specifier, "only files can be watched");
    }
    this.#source = source;
    this.#loader = loader;
    this.#digest = source.isolation !== "inline"
      ? source.digest
      : readModulesNow(source.modules);
  }

  /** Looks at the files and reloads what has changed. */
  async look(
    { unloadOnRemove }: CheckedWatchOptions,
  ): Promise<WatchReport | undefined> {
    const { specifier, url } = this.#source;
    const wasThere = this.#isThere;
    this.#isThere = await isFile(url);
    try {
      if (this.#isThere) return await this.#reload();
      if (!wasThere) return undefined;
      if (!unloadOnRemove) return { kind: "missing", specifier };
      const unloaded = await this.#loader.unload(specifier);
      return { kind: "unloaded", specifier, unloaded };
    } catch (error) {
      return { kind: "failed", specifier, error };
    }
  }

  async #reload(): Promise<WatchReport | undefined> {
    const { specifier } = this.#source;
    const reports = await this.#loader.reload(specifier, (digest) => {
      const isNew = digest !== this.#digest;
      this.#digest = digest;
      return isNew;
    });
    return reports && { kind: "reloaded", specifier, reports };
  }
}

/** Tells whoever wants to know; what that throws ends no watch. */
function tell(
  report: WatchReport,
  { onReport }: CheckedWatchOptions,
  log: (record: LogRecord) => void,
): void {
  try {
    onReport(report);
  } catch (error) {
    const fields = { ...describeFailure(error, "LISTENER_FAILED") };
    const message = "A report of a watch was not taken";
    log({ level: "error", source: "host", message, fields });
  }
}

async function isFile(url: string): Promise<boolean> {
  try {
    return (await Deno.stat(new URL(url))).isFile;
  } catch {
    return false;
  }
}

function pathOf(url: URL): string {
  return decodeURIComponent(url.pathname);
}
