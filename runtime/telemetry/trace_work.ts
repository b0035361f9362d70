import {
  type Attributes,
  type Meter,
  type Span,
  SpanStatusCode,
  type Tracer,
} from "@opentelemetry/api";
import {
  type Clock,
  isCoded,
  type Work,
  type WorkObserver,
} from "../../core/base/mod.ts";

/** What names of spans, metrics and attributes begin with. */
const PREFIX = "spiraltorch.";

/** The attributes that durations are told apart by: those of which there are few values. */
const DIMENSIONS = ["backend", "hook", "kind", "plugin"];

/** The attributes that are summed up instead: bytes that were moved. */
const BYTES = ["bytesSent", "bytesWritten"];

/** Where durations are told apart: from a small kernel to a long training. */
const SECONDS = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

/** What work is told with. */
export interface TraceOptions {
  /** Makes spans. */
  readonly tracer: Tracer;
  /** Makes metrics. */
  readonly meter: Meter;
  /** What durations are measured by. */
  readonly clock: Clock;
}

/**
 * Makes an observer that makes a span of each piece of work, which is the parent of those within it, and
 * measures how long work of its kind takes.
 *
 * @param options What it is told with.
 * @returns The observer.
 */
export function traceWork(
  { tracer, meter, clock }: TraceOptions,
): WorkObserver {
  const durations = new Lazily((name) =>
    meter.createHistogram(`${name}.duration`, {
      unit: "s",
      description: `How long one ${name} takes`,
      advice: { explicitBucketBoundaries: SECONDS },
    })
  );
  const bytes = new Lazily((name) =>
    meter.createCounter(`${name}.bytes`, {
      unit: "By",
      description: `Bytes that ${name} has moved`,
    })
  );
  return (work, run) => {
    const name = PREFIX + work.name;
    const attributes = spanAttributes(work);
    return tracer.startActiveSpan(name, { attributes }, (span) => {
      const startMs = clock.nowMs();
      function end(error?: unknown): void {
        const dimensions = {
          ...pick(attributes, DIMENSIONS),
          ...error !== undefined && { "error.type": codeOf(error) },
        };
        const seconds = (clock.nowMs() - startMs) / 1000;
        durations.get(name).record(seconds, dimensions);
        for (const amount of Object.values(pick(attributes, BYTES))) {
          bytes.get(name).add(Number(amount), dimensions);
        }
        if (error !== undefined) fail(span, error);
        span.end();
      }
      return toTheEnd(run, end);
    });
  };
}

/** Runs work, and tells when it is done and with what it has failed. */
function toTheEnd<T>(run: () => T, end: (error?: unknown) => void): T {
  try {
    const result = run();
    if (result instanceof Promise) result.then(() => end(), end);
    else end();
    return result;
  } catch (error) {
    end(error);
    throw error;
  }
}

function fail(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setAttribute("error.type", codeOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** What an error is counted as. */
function codeOf(error: unknown): string {
  if (isCoded(error)) return error.code;
  return error instanceof Error ? error.name : typeof error;
}

function spanAttributes({ attributes }: Work): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [PREFIX + key, value]),
  );
}

function pick(attributes: Attributes, keys: readonly string[]): Attributes {
  const found = keys.map((key) => PREFIX + key).filter((key) =>
    key in attributes
  );
  return Object.fromEntries(found.map((key) => [key, attributes[key]]));
}

/** Instruments by name, each made once, when it is first needed. */
class Lazily<Instrument> {
  readonly #known = new Map<string, Instrument>();
  readonly #make: (name: string) => Instrument;

  constructor(make: (name: string) => Instrument) {
    this.#make = make;
  }

  get(name: string): Instrument {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const made = this.#make(name);
    this.#known.set(name, made);
    return made;
  }
}
