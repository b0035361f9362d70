import { optionsOf } from "../../core/base/mod.ts";
import { pluginMetadataInvalid } from "../../core/errors.ts";
import type { PluginContext } from "../../core/plugin/context.ts";
import type { Plugin, PluginMetadata } from "../../core/plugin/plugin.ts";
import type { SequencerHub } from "../../nn/zspace/bridge/sequencer_hub.ts";
import { assertSequencerPlugin } from "../../nn/zspace/sequencer/assert_plugin.ts";
import type { ZSpaceSequencerPlugin } from "../../nn/zspace/sequencer/stage.ts";

/** Name of the capability by which plugins of sequencers are found. */
export const ZSPACE_CAPABILITY = "ZSpaceSequencer";

/** The event that carries a published stage. */
export const ZSPACE_TRACE_EVENT = "ZSpaceTrace";

/** Options of {@linkcode ZSpacePluginAdapter}. */
export interface ZSpaceAdapterOptions {
  /** Who it is; follows from the plugin's name if left out. The capability is added where it lacks. */
  readonly metadata?: PluginMetadata;
  /**
   * Whether stages become `ZSpaceTrace` events while somebody listens to those: all of them, or some
   * kinds. As the plugin's own `publishStages` says if left out, and else not.
   */
  readonly publishStages?: boolean | readonly string[];
}

/**
 * Makes a plugin of sequencers a plugin of the ecosystem: it has a place in the registry, watches every
 * sequencer of the ecosystem, is found by others, and leaves nothing behind.
 *
 * In a sandbox, where no tensor gets, it is told of stages as plain data: see `TraceRecord`.
 *
 * @example One line in the place of many attachments
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createEcosystem, ZSpacePluginAdapter } from "@spiraltorch/spiraltorch";
 *
 * await using ecosystem = await createEcosystem();
 * const watcher = { name: "watcher", onStage() {} };
 * await ecosystem.plugins.register(new ZSpacePluginAdapter(watcher));
 * const model = await ecosystem.modules.create("zspace_coherence_sequencer", { dim: 8, heads: 2 });
 * assertEquals(ecosystem.zspace.sequencers(), [model]);
 * ```
 */
export class ZSpacePluginAdapter implements Plugin {
  /** Who it is. */
  readonly metadata: PluginMetadata;
  /** The plugin of sequencers. */
  readonly plugin: ZSpaceSequencerPlugin;
  readonly #publishStages: boolean | readonly string[];

  /**
   * Constructs a new instance.
   *
   * @param plugin The plugin of sequencers, as it is.
   * @param options Who it is, and whether its stages are published.
   * @throws {PluginError} `PLUGIN_METADATA_INVALID` if the plugin's name is blank.
   * @throws {OptionError} `INVALID_OPTION` if it cannot be told of stages, or kinds are no list.
   */
  constructor(
    plugin: ZSpaceSequencerPlugin,
    options?: ZSpaceAdapterOptions,
  ) {
    const { metadata, publishStages } = optionsOf(
      "ZSpacePluginAdapter",
      options,
    );
    const name: unknown = plugin?.name;
    if (typeof name !== "string" || name.trim() === "") {
      throw pluginMetadataInvalid([{
        code: "METADATA",
        path: "name",
        message: "Found nothing, wanted the name of the sequencer plugin",
      }]);
    }
    const { onStage, kinds } = plugin;
    const wish = publishStages ?? plugin.publishStages;
    assertSequencerPlugin({ name, onStage, kinds, publishStages: wish });
    this.plugin = plugin;
    this.metadata = withCapability(
      metadata === undefined
        ? defaultMetadata(name)
        : optionsOf("a plugin's metadata", metadata),
    );
    this.#publishStages = wish ?? false;
  }

  /**
   * Attaches the plugin to every sequencer. All of it is undone when the plugin goes.
   *
   * @param context The plugin's door to the host.
   */
  onLoad(context: PluginContext): void {
    context.services.provide("sequencer", this.plugin);
    const hub = context.services.get<SequencerHub>("core/sequencers");
    if (!hub) {
      context.log.warn("No sequencers here: only the service is there");
      return;
    }
    if (hub.isLocal !== true) {
      this.#listen(context);
      return;
    }
    const { pluginId: id } = context;
    context.use(hub.attach(this.plugin, { id }));
    const kinds = this.#publishStages;
    if (kinds === false) return;
    context.use(hub.askForStages(id, kinds === true ? undefined : kinds));
  }

  /** Hears of stages as events: tensors do not get into a sandbox. */
  #listen(context: PluginContext): void {
    const { plugin } = this;
    context.subscribe(ZSPACE_TRACE_EVENT, async (event) => {
      if (event.kind !== "Custom" || !isRecord(event.data)) return;
      const { kind, step, sequencer, payload } = event.data;
      const wanted = plugin.kinds === undefined || plugin.kinds.includes(kind);
      // What the sandbox is told is the record, not the stage that the host's plugins see.
      const told = { ...payload, kind, step, sequencer };
      if (wanted) await Reflect.apply(plugin.onStage, plugin, [told]);
    });
  }
}

function isRecord(data: unknown): data is {
  readonly kind: string;
  readonly step: number;
  readonly sequencer?: string;
  readonly payload: object;
} {
  return typeof data === "object" && data !== null && "payload" in data &&
    typeof data.payload === "object" && "kind" in data &&
    typeof data.kind === "string";
}

function defaultMetadata(name: string): PluginMetadata {
  return {
    id: `zspace_sequencer_${name}`,
    version: "1.0.0",
    name: `ZSpace Sequencer: ${name}`,
  };
}

/** Metadata with the capability, whatever else it names. */
function withCapability(metadata: PluginMetadata): PluginMetadata {
  const { capabilities = [] } = metadata;
  // What else is wrong with metadata is told when the plugin is registered.
  if (!Array.isArray(capabilities)) return metadata;
  const isThere = capabilities.some((capability) =>
    typeof capability === "string"
      ? capability.replaceAll(" ", "") === `Custom(${ZSPACE_CAPABILITY})`
      : capability.kind === "Custom" && capability.name === ZSPACE_CAPABILITY
  );
  if (isThere) return metadata;
  const added = { kind: "Custom", name: ZSPACE_CAPABILITY } as const;
  return { ...metadata, capabilities: [...capabilities, added] };
}
