import { invalidOption, isCoded, printable } from "../../../core/base/mod.ts";
import { assertSequencerPlugin } from "./assert_plugin.ts";
import {
  STAGE_KINDS,
  type StageDraft,
  type StageFailure,
  type StageKind,
  type StageReport,
  type ZSpaceSequencerPlugin,
  type ZSpaceSequencerStage,
} from "./stage.ts";

/** How many failures are remembered. */
const FAILURES_MAX = 64;

/** Watchers that are attached to many sequencers at once. */
export interface StageAudience {
  /** The watchers, in the order in which they are told: another list whenever they change. */
  readonly plugins: readonly ZSpaceSequencerPlugin[];
  /** Is told after them, and is no plugin. */
  readonly publisher?: ZSpaceSequencerPlugin;
}

/** What can be watched by those who watch many. */
export interface StageSource {
  /**
   * Lets them watch.
   *
   * @param audience The watchers, looked up at each stage.
   * @returns The connection, to be disposed.
   */
  join(audience: StageAudience): Disposable;
}

/** Who is told: plugins, and publishers after them. */
interface Listeners {
  readonly lists: readonly (readonly ZSpaceSequencerPlugin[])[];
  readonly plugins: ReadonlySet<ZSpaceSequencerPlugin>;
  readonly publishers: readonly ZSpaceSequencerPlugin[];
  /** The kinds that plugins want, so that a thousand of them cost a pass nothing. */
  readonly wanted: ReadonlySet<StageKind>;
  readonly all: ReadonlySet<ZSpaceSequencerPlugin>;
}

/**
 * Tells plugins of stages, one stage after another: each plugin is awaited before the next is told, and
 * all of them before the next stage. Nothing is made where nobody wants it.
 */
export class StageDispatcher {
  readonly #sequencer: string;
  #direct: readonly ZSpaceSequencerPlugin[] = [];
  readonly #audiences = new Set<StageAudience>();
  #step = 0;
  #delivered = 0;
  readonly #failures: StageFailure[] = [];
  #last: Promise<void> = Promise.resolve();
  /** The listeners, and the lists that they were found in. */
  #known: Listeners | undefined;

  /**
   * Constructs a new instance.
   *
   * @param sequencer Name of the sequencer.
   */
  constructor(sequencer: string) {
    this.#sequencer = sequencer;
  }

  /**
   * Attaches a plugin to this sequencer alone. One that is attached already stays where it is.
   *
   * @param plugin The plugin.
   * @returns The attachment, to be disposed.
   * @throws {OptionError} `INVALID_OPTION` if it is none.
   */
  attach(plugin: ZSpaceSequencerPlugin): Disposable {
    assertSequencerPlugin(plugin);
    if (!this.#direct.includes(plugin)) {
      this.#direct = [...this.#direct, plugin];
    }
    return {
      [Symbol.dispose]: () => {
        this.#direct = this.#direct.filter((other) => other !== plugin);
      },
    };
  }

  /**
   * Lets those who watch many sequencers watch this one.
   *
   * @param audience The watchers, looked up at each stage.
   * @returns The connection, to be disposed.
   */
  join(audience: StageAudience): Disposable {
    if (!Array.isArray(audience?.plugins)) {
      throw invalidOption(
        "an audience of stages",
        audience,
        "a list of plugins",
      );
    }
    this.#audiences.add(audience);
    return { [Symbol.dispose]: () => void this.#audiences.delete(audience) };
  }

  /**
   * Lists who is told.
   *
   * @returns The plugins: those of this sequencer, then those of many; each once.
   */
  plugins(): readonly ZSpaceSequencerPlugin[] {
    return [...this.#listeners().plugins];
  }

  /**
   * Tells whether anybody wants one of some stages.
   *
   * @param kinds The kinds.
   * @returns Whether a plugin does.
   */
  wants(kinds: readonly StageKind[]): boolean {
    const { wanted, publishers } = this.#listeners();
    return kinds.some((kind) =>
      wanted.has(kind) || publishers.some((one) => takes(one, kind))
    );
  }

  /**
   * Does something after all stages that wait to be told.
   *
   * @param work What to do. What it throws is its own affair: later work is not kept from being done.
   * @returns What it gives.
   */
  enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.then(() => {}, () => {});
    return turn;
  }

  /**
   * Tells all who want it of a stage, after all stages that wait to be told.
   *
   * @param kind Which stage.
   * @param draft Makes it, but for its place among the stages.
   */
  async announce(
    kind: StageKind,
    draft: () => StageDraft,
  ): Promise<void> {
    await this.enqueue(() => this.deliver(kind, draft));
  }

  /**
   * Waits for all stages that wait to be told.
   *
   * @returns When they have been.
   */
  async settled(): Promise<void> {
    let waited: Promise<void>;
    do {
      waited = this.#last;
      await waited;
    } while (waited !== this.#last);
  }

  /**
   * Tells what became of the stages so far.
   *
   * @returns How many were told, and the failures.
   */
  report(): StageReport {
    return { delivered: this.#delivered, failures: [...this.#failures] };
  }

  /**
   * Tells all who want it of a stage. The stage is counted, and made if anybody wants it.
   *
   * @param kind Which stage.
   * @param draft Makes it, but for its place among the stages.
   */
  async deliver(
    kind: StageKind,
    draft: () => StageDraft | Promise<StageDraft>,
  ): Promise<void> {
    const step = ++this.#step;
    const plugins = [...this.#listeners().all]
      .filter((plugin) => takes(plugin, kind));
    if (plugins.length === 0) return;
    const stage: ZSpaceSequencerStage = Object.freeze({
      ...await draft(),
      step,
      sequencer: this.#sequencer,
    });
    for (const plugin of plugins) {
      // Who has been detached meanwhile is not told any more.
      if (!this.#listeners().all.has(plugin)) continue;
      try {
        const told = plugin.onStage(stage);
        // What need not be awaited is not: most plugins only take note.
        if (told instanceof Promise) await told;
        this.#delivered++;
      } catch (error) {
        this.#fail({
          plugin: printable(String(plugin.name), 200),
          kind,
          ...isCoded(error) ? { code: error.code } : {},
          message: printable(
            error instanceof Error ? error.message : String(error),
            500,
          ),
        });
      }
    }
  }

  /** Who is told now. Looked for again only where one of the lists is another one. */
  #listeners(): Listeners {
    const lists = [this.#direct];
    for (const { plugins } of this.#audiences) lists.push(plugins);
    const known = this.#known;
    const isKnown = known?.lists.length === lists.length &&
      lists.every((list, i) => list === known.lists[i]);
    if (isKnown) return known;
    const plugins = new Set(lists.flat());
    const publishers = [...this.#audiences]
      .flatMap(({ publisher }) => publisher ?? []);
    const wanted = new Set(
      STAGE_KINDS.filter((kind) =>
        plugins.values().some((plugin) => takes(plugin, kind))
      ),
    );
    const all = new Set([...plugins, ...publishers]);
    return this.#known = { lists, plugins, publishers, wanted, all };
  }

  #fail(failure: StageFailure): void {
    this.#failures.push(failure);
    if (this.#failures.length > FAILURES_MAX) this.#failures.shift();
  }
}

function takes({ kinds }: ZSpaceSequencerPlugin, kind: StageKind): boolean {
  return kinds === undefined || kinds.includes(kind);
}
