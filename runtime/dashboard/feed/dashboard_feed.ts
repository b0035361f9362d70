import {
  assertFunction,
  assertInstance,
  invalidOption,
  listOf,
  optionsOf,
  printable,
} from "../../../core/base/mod.ts";
import {
  type EventRecord,
  type PluginEvent,
  PluginEventBus,
} from "../../../core/mod.ts";
import { toWireEvent } from "../../../core/tools.ts";
import { AUDIT_EVENT_TYPE } from "../../audit_trail.ts";
import type { Frame } from "../page/wire.ts";
import { EventLog } from "./event_log.ts";
import {
  MODEL_EVENT_TYPE,
  ModelParts,
  type ModelViews,
} from "./model_parts.ts";
import {
  parseDecision,
  parseEpoch,
  parseOutcome,
  parseStep,
} from "./parse_announced.ts";
import { type PluginFacts, PluginTable } from "./plugin_table.ts";
import { RunProgress, type SeenCurves } from "./run_progress.ts";

/** Most events in a frame; what is left goes into the next one. */
const ROWS_PER_FRAME_MAX = 1000;
/** Longest text of what an event carries, in characters. */
const TEXT_LENGTH_MAX = 2000;

/** Measurements of training that steps tell too. */
const TOLD_BY_STEPS: readonly string[] = ["loss", "learningRate", "stepMs"];

/** How much somebody has seen. */
export interface Seen {
  /** Number of the last change. */
  readonly version: number;
  /** Number of the training. */
  readonly runs: number;
  /** Its curves. */
  readonly curves: SeenCurves;
  /** Number of the next event. */
  readonly rows: number;
  /** How often plugins had changed. */
  readonly plugins: number;
  /** How often kernels and graph had changed. */
  readonly models: number;
}

/**
 * All that a dashboard shows, in bounded memory: what was heard on a bus or read from an event log.
 * Nobody who looks at it can hold it up: each viewer asks for what it has not seen, as often as it can
 * take it.
 */
export class DashboardFeed {
  /** What is shown. */
  readonly title: string;
  readonly #run = new RunProgress();
  readonly #log = new EventLog();
  readonly #plugins = new PluginTable();
  readonly #modelParts = new ModelParts();
  readonly #watchers = new Set<() => void>();
  #models: ModelViews = {};
  #version = 0;
  #pluginChanges = 0;
  #modelChanges = 0;

  /**
   * Constructs a new instance, which has heard nothing.
   *
   * @param title What is shown: the name of a config, or of a log.
   * @throws {OptionError} `INVALID_OPTION` if it is no text.
   */
  constructor(title: string) {
    if (typeof title !== "string") {
      throw invalidOption("DashboardFeed title", title, "text");
    }
    this.title = printable(title, 200);
  }

  /**
   * Hears the events of a bus from now on.
   *
   * @param bus The bus.
   * @returns Ends it.
   * @throws {OptionError} `INVALID_OPTION` if it is no bus.
   */
  listen(bus: PluginEventBus): Disposable {
    assertInstance("DashboardFeed bus", bus, PluginEventBus);
    let startMs: number | undefined;
    return bus.subscribe("*", (event, { source, timestampMs }) => {
      startMs ??= timestampMs;
      this.take({ event, source, elapsedMs: timestampMs - startMs });
    });
  }

  /**
   * Looks plugins up from now on, whenever somebody is shown something.
   *
   * @param lookUp Gives what is known of each plugin that is there.
   * @throws {OptionError} `INVALID_OPTION` if it is no function.
   */
  followPlugins(lookUp: () => readonly PluginFacts[]): void {
    assertFunction("followPlugins lookUp", lookUp);
    this.#plugins.follow(lookUp);
    this.#changedPlugins();
  }

  /**
   * Shows what is known of plugins that need not be there.
   *
   * @param plugins What is known of each.
   * @throws {OptionError} `INVALID_OPTION` if it is no list.
   */
  showPlugins(plugins: readonly PluginFacts[]): void {
    for (const facts of listOf("plugins", plugins)) this.#plugins.put(facts);
    this.#changedPlugins();
  }

  /**
   * Shows what is computed.
   *
   * @param models Kernels, graph, or both; what is left out stays as it is.
   * @throws {OptionError} `INVALID_OPTION` if it is neither.
   */
  showModel(models: ModelViews): void {
    const views = optionsOf<ModelViews>("showModel", models);
    this.#models = { ...this.#models, ...views };
    this.#modelChanges++;
    this.#changed();
  }

  /**
   * Takes an event.
   *
   * @param record The event, when it was published and by whom.
   */
  take({ event, source, elapsedMs }: Omit<EventRecord, "idx">): void {
    const { data } = toWireEvent(event);
    const type = event.kind === "Custom" ? event.eventType : event.kind;
    const isWrapped = event.kind === "Custom" || event.kind === "Telemetry";
    const shown = isWrapped ? data?.["data"] : data;
    const text = shown === undefined ? "" : JSON.stringify(shown);
    this.#log.add({
      elapsedMs,
      source: printable(source, 100),
      type: printable(String(type), 100),
      text: printable(text, TEXT_LENGTH_MAX),
    });
    this.#run.tick(elapsedMs);
    if (event.kind === "Telemetry") this.#takeTelemetry(event, source);
    // What only the host announces is not taken from a plugin.
    else if (source === "host" && event.kind !== "RecorderDropped") {
      this.#takeFromHost(event);
    }
    this.#changed();
  }

  /**
   * Learns when there is something new.
   *
   * @param onChange Told; must not throw, and must not take long.
   * @returns Ends it.
   * @throws {OptionError} `INVALID_OPTION` if it is no function.
   */
  watch(onChange: () => void): Disposable {
    assertFunction("watch onChange", onChange);
    this.#watchers.add(onChange);
    return { [Symbol.dispose]: () => void this.#watchers.delete(onChange) };
  }

  /**
   * Gives what somebody has not seen.
   *
   * @param seen What they have seen, if anything.
   * @returns What is new, and what they have seen then; `undefined` if nothing is new.
   */
  after(
    seen: Seen | undefined,
  ): { readonly frame: Frame; readonly seen: Seen } | undefined {
    if (this.#plugins.refresh()) {
      this.#version++;
      this.#pluginChanges++;
    }
    if (seen?.version === this.#version) return undefined;
    const runs = this.#run.runs;
    const isNewRun = seen !== undefined && seen.runs !== runs;
    const known = isNewRun || !seen ? new Map() : seen.curves;
    const curves = this.#run.after(known);
    const rows = this.#log.after(seen?.rows ?? 0, ROWS_PER_FRAME_MAX);
    const isAll = rows.length < ROWS_PER_FRAME_MAX;
    const frame: Frame = {
      ...seen ? {} : { title: this.title },
      run: this.#run.state,
      ...isNewRun ? { isNewRun } : {},
      ...curves.parts.length > 0 ? { curves: curves.parts } : {},
      ...rows.length > 0 ? { rows, log: { counts: this.#log.counts } } : {},
      ...seen?.plugins === this.#pluginChanges
        ? {}
        : { plugins: this.#plugins.rows },
      ...seen?.models === this.#modelChanges ? {} : this.#models,
    };
    return {
      frame,
      seen: {
        version: isAll ? this.#version : -1,
        runs,
        curves: curves.seen,
        rows: isAll ? this.#log.nextIdx : rows.at(-1)!.idx + 1,
        plugins: this.#pluginChanges,
        models: this.#modelChanges,
      },
    };
  }

  #changed(): void {
    this.#version++;
    for (const onChange of this.#watchers) onChange();
  }

  #changedPlugins(): void {
    this.#pluginChanges++;
    this.#changed();
  }

  #takeTelemetry(
    { data }: Extract<PluginEvent, { kind: "Telemetry" }>,
    source: string,
  ): void {
    for (const [name, value] of Object.entries(data)) {
      if (typeof value !== "number") continue;
      if (source !== "host") {
        this.#run.addMetric(printable(`${source}: ${name}`, 100), value);
      } else if (name === "examplesPerSecond") this.#run.addSpeed(value);
      // Steps tell the rest of what training measures.
      else if (!TOLD_BY_STEPS.includes(name)) {
        this.#run.addMetric(printable(name, 100), value);
      }
    }
  }

  #takeFromHost(event: PluginEvent): void {
    switch (event.kind) {
      case "EpochStart":
        return this.#run.startEpoch(event.epoch);
      case "EpochEnd":
        return this.#run.endEpoch(event.epoch, event.loss);
      case "PluginLoaded":
      case "PluginReloaded":
        this.#plugins.put({ id: event.pluginId, state: "active" });
        return this.#changedPlugins();
      case "PluginUnloaded":
        this.#plugins.put({
          id: event.pluginId,
          state: "gone",
          failure: event.error ?? "",
        });
        return this.#changedPlugins();
      case "PluginError":
        if (event.pluginId === undefined) return;
        this.#plugins.put({ id: event.pluginId, failure: event.message });
        return this.#changedPlugins();
      case "Custom":
        return this.#takeCustom(event.eventType, event.data);
      default:
    }
  }

  #takeCustom(eventType: string, data: unknown): void {
    switch (eventType) {
      case "TrainerStep": {
        const step = parseStep(data);
        return step && this.#run.addStep(step);
      }
      case "TrainerEpoch": {
        const epoch = parseEpoch(data);
        return epoch && this.#run.addEpoch(epoch);
      }
      case "TrainerEnd": {
        const outcome = parseOutcome(data);
        return outcome && this.#run.end(outcome);
      }
      case MODEL_EVENT_TYPE: {
        const views = this.#modelParts.take(data);
        return views && this.showModel(views);
      }
      case AUDIT_EVENT_TYPE: {
        const decision = parseDecision(data);
        if (!decision) return;
        for (const id of decision.pluginIds) this.#plugins.decide(id, decision);
        return this.#changedPlugins();
      }
      default:
    }
  }
}
