import {
  type Attributes,
  type Context,
  createNoopMeter,
  INVALID_SPAN_CONTEXT,
  type Meter,
  type Span,
  type SpanOptions,
  type SpanStatus,
  type Tracer,
} from "@opentelemetry/api";
import { assertEquals } from "@std/assert";
import { AsyncLocalStorage } from "node:async_hooks";

/** A span in memory. */
export interface RecordedSpan {
  /** What it is called. */
  readonly name: string;
  /** The span it was started in. */
  readonly parent: RecordedSpan | undefined;
  /** What it was started with, and what has been added. */
  readonly attributes: Record<string, unknown>;
  /** How it went, if that was said. */
  status: SpanStatus | undefined;
  /** Whether it is over. */
  isEnded: boolean;
}

/** Keeps spans in memory, the one that was started first at the beginning. */
export class MemoryTracer implements Tracer {
  /** All spans. */
  readonly spans: RecordedSpan[] = [];
  readonly #active = new AsyncLocalStorage<RecordedSpan>();

  startSpan(name: string, options: SpanOptions = {}): Span {
    return spanOf(this.#record(name, options));
  }

  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    context: Context,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan(
    name: string,
    ...rest: readonly unknown[]
  ): unknown {
    const options = (rest.length > 1 ? rest[0] : {}) as SpanOptions;
    const fn = rest.at(-1) as (span: Span) => unknown;
    const recorded = this.#record(name, options);
    return this.#active.run(recorded, () => fn(spanOf(recorded)));
  }

  #record(name: string, { attributes }: SpanOptions): RecordedSpan {
    const span: RecordedSpan = {
      name,
      parent: this.#active.getStore(),
      attributes: { ...attributes },
      status: undefined,
      isEnded: false,
    };
    this.spans.push(span);
    return span;
  }
}

function spanOf(recorded: RecordedSpan): Span {
  const span: Span = {
    spanContext: () => INVALID_SPAN_CONTEXT,
    setAttribute(key, value) {
      recorded.attributes[key] = value;
      return span;
    },
    setAttributes(attributes) {
      Object.assign(recorded.attributes, attributes);
      return span;
    },
    setStatus(status) {
      recorded.status = status;
      return span;
    },
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    updateName: () => span,
    recordException() {},
    isRecording: () => !recorded.isEnded,
    end: () => void (recorded.isEnded = true),
  };
  return span;
}

/** One number that was given to an instrument. */
export interface Measurement {
  /** Name of the instrument. */
  readonly name: string;
  /** The number. */
  readonly value: number;
  /** What it is told apart by. */
  readonly attributes: Attributes;
}

/** Makes a meter that keeps every number. */
export function memoryMeter(): {
  readonly meter: Meter;
  readonly measurements: readonly Measurement[];
} {
  const measurements: Measurement[] = [];
  function note(name: string) {
    return (value: number, attributes: Attributes = {}) =>
      void measurements.push({ name, value, attributes });
  }
  const meter: Meter = Object.assign(createNoopMeter(), {
    createCounter: (name: string) => ({ add: note(name) }),
    createGauge: (name: string) => ({ record: note(name) }),
    createHistogram: (name: string) => ({ record: note(name) }),
  });
  return { meter, measurements };
}

Deno.test("MemoryTracer keeps what was started in what, across an await", async () => {
  const tracer = new MemoryTracer();
  await tracer.startActiveSpan("outer", async (outer) => {
    await Promise.resolve();
    tracer.startActiveSpan("inner", (inner) => inner.end());
    outer.end();
  });
  const [outer, inner] = tracer.spans;
  assertEquals(inner!.parent, outer);
  assertEquals([outer!.isEnded, inner!.isEnded], [true, true]);
});
