import { type Clock, doWatched } from "../../base/mod.ts";
import type { PluginError } from "../../errors.ts";
import { describeFailure } from "../../events/describe_failure.ts";
import type { LogRecord } from "../../plugin/context.ts";
import type { Kept, LoadedSource } from "../loaded_source.ts";
import type { AuditRecord } from "../policy/audit.ts";
import type { RestartPlan } from "./restart_options.ts";

/** What plugins are brought back with. */
export interface RestartHost {
  /** Where time comes from. */
  readonly clock: Clock;
  /** Where it is written that plugins come back, or do not. */
  readonly log: (record: LogRecord) => void;
  /** Told of each decision. */
  readonly audit: (record: AuditRecord) => void;
  /**
   * Loads plugins as they were loaded before, but for those that somebody else has loaded since.
   *
   * @param kept Where they came from, and how they were loaded: together.
   */
  load(kept: readonly Kept[]): Promise<void>;
}

/** Plugins whose sandbox has died. */
export interface Casualties {
  /** Those of the sandbox; at least one. */
  readonly dead: readonly Kept[];
  /** Those that went with them, because they need them, in load order. */
  readonly others: readonly Kept[];
}

/** Plugins that are to come back. */
interface Waiting extends Casualties {
  dead: readonly Kept[];
  timer: Disposable;
}

/** What happened to the plugins of one place before. */
interface History {
  readonly attempts: number;
  /** When they came back last; they have not since if left out. */
  readonly upMs?: number;
}

/**
 * Brings plugins back whose sandbox has died, later and later, and not for ever. What comes back is
 * made of the same bytes and gets the same settings and grants; it begins anew. Handles and services
 * that anybody holds stay dead.
 */
export class Restarts implements Disposable {
  readonly #host: RestartHost;
  readonly #histories = new Map<string, History>();
  readonly #waiting = new Set<Waiting>();

  /**
   * Constructs a new instance.
   *
   * @param host What plugins are brought back with.
   */
  constructor(host: RestartHost) {
    this.#host = host;
  }

  /**
   * Decides whether plugins come back, and sees to it.
   *
   * @param casualties The plugins; they are unloaded already.
   * @param error How their sandbox ended, or why they could not be started again.
   */
  schedule(casualties: Casualties, error: unknown): void {
    const [{ source: { url }, options: { restart: plan } }] = casualties
      .dead as [Kept];
    if (plan === undefined) return this.#tellEnd(casualties.dead, error);
    const attempts = this.#attemptsOf(url, plan);
    const refusal = attempts >= plan.attemptsMax
      ? "attempts-max"
      : refusalOf(error);
    this.#tell(casualties.dead, error, { plan, attempts, refusal });
    if (refusal !== undefined) return;
    this.#histories.set(url, { attempts: attempts + 1 });
    const delayMs = Math.min(plan.delayMs * 2 ** attempts, plan.delayMsMax);
    const timer = this.#host.clock.after(delayMs, () => {
      this.#waiting.delete(waiting);
      void this.#tryNow(waiting);
    });
    const waiting: Waiting = { ...casualties, timer };
    this.#waiting.add(waiting);
  }

  /**
   * Sees to it that plugins do not come back.
   *
   * @param isMeant Tells which.
   * @returns Whether any were to.
   */
  cancel(isMeant: (source: LoadedSource) => boolean): boolean {
    let isAny = false;
    for (const waiting of this.#waiting) {
      const left = waiting.dead.filter(({ source }) => !isMeant(source));
      isAny ||= left.length < waiting.dead.length;
      waiting.dead = left;
      if (left.length > 0) continue;
      waiting.timer[Symbol.dispose]();
      this.#waiting.delete(waiting);
    }
    return isAny;
  }

  /** Brings nothing back from now on. */
  [Symbol.dispose](): void {
    this.cancel(() => true);
  }

  /** How often it has been tried since they last ran for a while. */
  #attemptsOf(url: string, { calmMs }: RestartPlan): number {
    const { attempts = 0, upMs } = this.#histories.get(url) ?? {};
    const isCalm = upMs !== undefined &&
      this.#host.clock.nowMs() - upMs >= calmMs;
    return isCalm ? 0 : attempts;
  }

  async #tryNow(casualties: Casualties): Promise<void> {
    const { dead, others } = casualties;
    const { source: { url } } = dead[0]!;
    try {
      await doWatched(
        "plugin.restart",
        () => ({
          specifiers: dead.map(({ source }) => source.specifier).join(" "),
        }),
        () => this.#host.load(dead),
      );
    } catch (error) {
      this.schedule(casualties, error);
      return;
    }
    const upMs = this.#host.clock.nowMs();
    const { attempts = 0 } = this.#histories.get(url) ?? {};
    this.#histories.set(url, { attempts, upMs });
    for (const other of others) await this.#loadOther(other);
  }

  async #loadOther(other: Kept): Promise<void> {
    try {
      await this.#host.load([other]);
    } catch (error) {
      this.#host.log({
        level: "error",
        source: "host",
        message: "Cannot load a plugin again that went with another one",
        fields: {
          url: other.source.url,
          ...describeFailure(error, "PLUGIN_LOAD_FAILED"),
        },
      });
    }
  }

  #tellEnd(dead: readonly Kept[], error: unknown): void {
    this.#host.log({
      level: "error",
      source: "host",
      message: "Plugins are gone whose sandbox ended",
      fields: {
        url: dead[0]!.source.url,
        pluginIds: idsOf(dead),
        ...describeFailure(error, "SANDBOX_DIED"),
      },
    });
  }

  #tell(
    dead: readonly Kept[],
    error: unknown,
    { plan: { attemptsMax }, attempts, refusal }: {
      readonly plan: RestartPlan;
      readonly attempts: number;
      readonly refusal: string | undefined;
    },
  ): void {
    const { url } = dead[0]!.source;
    const pluginIds = idsOf(dead);
    const isRefused = refusal !== undefined;
    const attempt = Math.min(attempts + 1, attemptsMax);
    this.#host.audit({
      url,
      pluginIds,
      resource: `restart ${attempt} of ${attemptsMax}`,
      decision: isRefused ? "refused" : "granted",
      rule: `restart:${refusal ?? "on-failure"}`,
    });
    this.#host.log({
      level: isRefused ? "error" : "warn",
      source: "host",
      message: isRefused
        ? "Plugins whose sandbox ended do not come back"
        : "Plugins whose sandbox ended are loaded again",
      fields: {
        url,
        pluginIds,
        attempt,
        attemptsMax,
        ...isRefused && { refusal },
        ...describeFailure(error, "SANDBOX_DIED"),
      },
    });
  }
}

function idsOf(dead: readonly Kept[]): string[] {
  return dead.flatMap(({ source: { plugins } }) =>
    plugins.map(({ metadata }) => metadata.id)
  );
}

/** Why plugins do not come back after such an end, if they do not. */
function refusalOf(error: unknown): string | undefined {
  const { details = {} } = error as Partial<PluginError>;
  // What computes on in this process would do so twice.
  if (details["isTainted"] === true) return "tainted";
  const isOver = details["reason"] === "exit" && details["exitCode"] === 0;
  return isOver ? "exit" : undefined;
}
