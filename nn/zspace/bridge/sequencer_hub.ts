import {
  assertFunction,
  assertMethods,
  listOf,
} from "../../../core/base/mod.ts";
import { optionsOf } from "../../../ops/mod.ts";
import { assertSequencerPlugin } from "../sequencer/assert_plugin.ts";
import type {
  StageKind,
  ZSpaceSequencerPlugin,
  ZSpaceSequencerStage,
} from "../sequencer/stage.ts";
import type { ZSpaceCoherenceSequencer } from "../sequencer/sequencer.ts";
import type { StageAudience } from "../sequencer/stage_dispatcher.ts";
import type { SequencerTracker } from "../sequencer/sequencer_options.ts";
import { recordStage, type TraceRecord } from "../trace/trace_record.ts";

/** Elements of a tensor that a published record keeps. */
const VECTOR_LENGTH_MAX = 256;

/** Where a hub's stages go besides plugins. */
export interface SequencerHubOptions {
  /** Tells whether anybody listens to published stages. */
  readonly isHeard?: () => boolean;
  /**
   * Publishes a stage.
   *
   * @param source Who asked for it first.
   * @param record The stage as plain data.
   */
  readonly publish?: (source: string, record: TraceRecord) => void;
  /** Tells who asks for stages from where no tensor gets, if anybody does. */
  readonly findRemoteAsker?: () => string | undefined;
}

/** Who asks for stages to be published, and for which. */
interface Asker {
  readonly id: string;
  readonly kinds: readonly string[] | undefined;
}

/** A plugin that watches all sequencers. */
interface Attached {
  readonly id: string;
  readonly plugin: ZSpaceSequencerPlugin;
}

/**
 * Brings sequencers and those who watch them together: each plugin is attached to each sequencer, those
 * that come later too. Sequencers are held weakly: one that nobody uses any more leaves by itself.
 *
 * @example A plugin, and a sequencer that comes later
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SequencerHub, ZSpaceCoherenceSequencer } from "@spiraltorch/spiraltorch/nn";
 *
 * const hub = new SequencerHub();
 * const plugin = { name: "watcher", onStage() {} };
 * using _attachment = hub.attach(plugin);
 * const sequencer = new ZSpaceCoherenceSequencer({ dim: 8, heads: 2, hub });
 * assertEquals(sequencer.plugins(), [plugin]);
 * ```
 */
export class SequencerHub implements SequencerTracker {
  /** True of a hub itself; what stands for it in a sandbox has functions only. */
  readonly isLocal = true;
  readonly #options: SequencerHubOptions;
  readonly #sequencers = new Set<WeakRef<ZSpaceCoherenceSequencer>>();
  #attached: readonly Attached[] = [];
  #askers: readonly Asker[] = [];
  readonly #audience: {
    plugins: readonly ZSpaceSequencerPlugin[];
    readonly publisher: ZSpaceSequencerPlugin;
  };

  /**
   * Constructs a new instance.
   *
   * @param options Where stages go besides plugins; nowhere if left out.
   */
  constructor(options?: SequencerHubOptions) {
    const settings = optionsOf("SequencerHub", options);
    for (const name of ["isHeard", "publish", "findRemoteAsker"] as const) {
      if (settings[name] === undefined) continue;
      assertFunction(`SequencerHub ${name}`, settings[name]);
    }
    this.#options = settings;
    this.#audience = { plugins: [], publisher: this.#makePublisher() };
  }

  /**
   * Adds a sequencer. One that is there already stays.
   *
   * @param sequencer The sequencer.
   * @returns What takes it out again.
   * @throws {OptionError} `INVALID_OPTION` if it is none.
   */
  track(sequencer: ZSpaceCoherenceSequencer): Disposable {
    assertMethods("what a hub tracks", sequencer, "join", "attach");
    const audience: StageAudience = this.#audience;
    const connection = sequencer.join(audience);
    const known = [...this.#sequencers].find((ref) =>
      ref.deref() === sequencer
    );
    const ref = known ?? new WeakRef(sequencer);
    this.#sequencers.add(ref);
    return {
      [Symbol.dispose]: () => {
        connection[Symbol.dispose]();
        this.#sequencers.delete(ref);
      },
    };
  }

  /**
   * Lists the sequencers that are tracked and still in use.
   *
   * @returns The sequencers, in the order in which they came.
   */
  sequencers(): ZSpaceCoherenceSequencer[] {
    const live: ZSpaceCoherenceSequencer[] = [];
    for (const ref of this.#sequencers) {
      const sequencer = ref.deref();
      if (sequencer) live.push(sequencer);
      else this.#sequencers.delete(ref);
    }
    return live;
  }

  /**
   * Lets a plugin watch all sequencers, those that come later too.
   *
   * @param plugin The plugin.
   * @param options Id by which it is found; its name if left out.
   * @returns The attachment; disposing it ends it at once.
   * @throws {OptionError} `INVALID_OPTION` if it is no plugin.
   */
  attach(
    plugin: ZSpaceSequencerPlugin,
    options?: { readonly id?: string },
  ): Disposable {
    assertSequencerPlugin(plugin);
    const { id = plugin.name } = optionsOf("attach", options);
    const entry = { id, plugin };
    this.#setAttached([...this.#attached, entry]);
    return {
      [Symbol.dispose]: () =>
        this.#setAttached(this.#attached.filter((other) => other !== entry)),
    };
  }

  /**
   * Finds an attached plugin.
   *
   * @param id Its id.
   * @returns The plugin that was attached last under it, or nothing.
   */
  find(id: string): ZSpaceSequencerPlugin | undefined {
    return this.#attached.findLast((entry) => entry.id === id)?.plugin;
  }

  /**
   * Asks for stages to be published, where somebody listens. However many ask, each stage is published
   * once, in the name of the first of them.
   *
   * @param id Who asks.
   * @param kinds For which stages; all of them if left out.
   * @returns The wish, to be disposed.
   */
  askForStages(id: string, kinds?: readonly string[]): Disposable {
    if (kinds !== undefined) listOf("kinds of askForStages", kinds);
    const asker = { id, kinds };
    this.#askers = [...this.#askers, asker];
    return {
      [Symbol.dispose]: () => {
        this.#askers = this.#askers.filter((other) => other !== asker);
      },
    };
  }

  #setAttached(attached: readonly Attached[]): void {
    this.#attached = attached;
    this.#audience.plugins = attached.map(({ plugin }) => plugin);
  }

  /** Publishes each stage once. It wants none where nobody listens, or nobody has asked. */
  #makePublisher(): ZSpaceSequencerPlugin {
    const wanted = () => this.#wantedKinds();
    const publish = (stage: ZSpaceSequencerStage) => this.#publish(stage);
    return {
      name: "zspace_publisher",
      get kinds(): readonly string[] | undefined {
        return wanted();
      },
      onStage: publish,
    };
  }

  #wantedKinds(): readonly string[] | undefined {
    const { isHeard, findRemoteAsker } = this.#options;
    if (!isHeard?.()) return [];
    if (findRemoteAsker?.() !== undefined) return undefined;
    if (this.#askers.some(({ kinds }) => kinds === undefined)) return undefined;
    return this.#askers.flatMap(({ kinds }) => kinds ?? []);
  }

  async #publish(stage: ZSpaceSequencerStage): Promise<void> {
    const source = this.#askerOf(stage.kind);
    if (source === undefined) return;
    const record = await recordStage(stage, {
      maxVectorLength: VECTOR_LENGTH_MAX,
    });
    this.#options.publish?.(source, record);
  }

  #askerOf(kind: StageKind): string | undefined {
    const first = this.#askers.find(({ kinds }) =>
      kinds?.includes(kind) ?? true
    );
    return first?.id ?? this.#options.findRemoteAsker?.();
  }
}
