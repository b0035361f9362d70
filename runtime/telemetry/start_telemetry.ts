import { type Meter, metrics, trace, type Tracer } from "@opentelemetry/api";
import {
  assertMethods,
  type Clock,
  invalidOption,
  observeWork,
  optionsOf,
  SYSTEM_CLOCK,
  type WorkName,
} from "../../core/base/mod.ts";
import { VERSION } from "../version.ts";
import { countEvents, type TelemetryEvents } from "./count_events.ts";
import { traceWork } from "./trace_work.ts";

/** Options of {@linkcode startTelemetry}. */
export interface TelemetryOptions {
  /**
   * The bus of which metrics are made: losses of trainers that announce their steps there, reloads and
   * failures of plugins. None if left out.
   */
  readonly events?: TelemetryEvents;
  /**
   * Whether each kernel is a span too. A step of training has dozens; on `webgpu`, where a program's
   * kernels are one piece of work for the GPU, there are none.
   *
   * @default {false}
   */
  readonly kernels?: boolean;
}

/** What telemetry is made by. */
export interface TelemetryProviders {
  /** Makes spans. */
  readonly tracer: Tracer;
  /** Makes metrics. */
  readonly meter: Meter;
  /** What durations are measured by. */
  readonly clock: Clock;
}

const WORK: readonly WorkName[] = [
  "plugin.load",
  "plugin.restart",
  "plugin.resolve",
  "plugin.hook",
  "plugin.call",
  "realize",
  "train.fit",
  "train.epoch",
  "train.step",
];

/**
 * Makes spans and metrics of what this process does from now on: loads and calls of plugins,
 * realizations, kernels, and training. Spans nest as the work does: `train.fit`, `train.epoch`,
 * `train.step`, `realize`, `kernel`.
 *
 * Cost: nothing of it is loaded or asked before the call but, by each piece of work, whether it is
 * watched.
 *
 * @example Training that is watched
 * ```ts
 * import { createEcosystem } from "@spiraltorch/spiraltorch";
 * import { startTelemetry } from "@spiraltorch/spiraltorch/telemetry";
 *
 * await using ecosystem = await createEcosystem();
 * using _telemetry = startTelemetry({ events: ecosystem.events, kernels: true });
 * // new Trainer({ …, events: ecosystem.events })
 * ```
 *
 * Who collects them is set up elsewhere: by Deno, with `OTEL_DENO=true`, or by an SDK of OpenTelemetry.
 *
 * @param options What is made of what.
 * @returns Ends it when it is disposed.
 * @throws {OptionError} `INVALID_OPTION` if an option has a value that it cannot have.
 */
export function startTelemetry(options?: TelemetryOptions): Disposable {
  return connectTelemetry(options, {
    tracer: trace.getTracer("spiraltorch", VERSION),
    meter: metrics.getMeter("spiraltorch", VERSION),
    clock: SYSTEM_CLOCK,
  });
}

/**
 * Makes spans and metrics by providers of the caller's choice.
 *
 * @param options What is made of what.
 * @param providers What they are made by.
 * @returns Ends it when it is disposed.
 * @throws {OptionError} `INVALID_OPTION` if an option has a value that it cannot have.
 */
export function connectTelemetry(
  options: TelemetryOptions | undefined,
  providers: TelemetryProviders,
): Disposable {
  const { events, kernels = false } = optionsOf<TelemetryOptions>(
    "startTelemetry",
    options,
  );
  if (typeof kernels !== "boolean") {
    throw invalidOption("startTelemetry kernels", kernels, "true or false");
  }
  if (events !== undefined) {
    assertMethods("startTelemetry events", events, "subscribe");
  }
  const stack = new DisposableStack();
  if (events) stack.use(countEvents(events, providers.meter));
  const names: readonly WorkName[] = kernels ? [...WORK, "kernel"] : WORK;
  stack.use(observeWork(names, traceWork(providers)));
  return stack;
}
