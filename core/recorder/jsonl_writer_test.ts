import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "../events/bus.ts";
import { settle } from "../events/manual_clock_test.ts";
import { parseRecord } from "./event_record.ts";
import { PluginEventJsonlWriter } from "./jsonl_writer.ts";
import type { LineSink } from "./line_file.ts";

/** A sink in memory, which fails when it is full. */
class MemorySink implements LineSink {
  readonly name = "memory";
  readonly texts: string[] = [];
  isFull = false;
  ends = 0;
  gate: Promise<void> = Promise.resolve();

  async write(text: string): Promise<void> {
    await this.gate;
    if (this.isFull) throw new Error("no space left");
    this.texts.push(text);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.ends++;
    return Promise.resolve();
  }

  get records() {
    return this.texts.join("").split("\n").slice(0, -1).map(parseRecord);
  }
}

function epoch(bus: PluginEventBus, epoch: number): void {
  bus.publish({ kind: "EpochStart", epoch });
}

Deno.test("PluginEventJsonlWriter writes events as they come and closes its sink once", async () => {
  const bus = new PluginEventBus();
  const sink = new MemorySink();
  const writer = new PluginEventJsonlWriter(bus, sink);
  epoch(bus, 1);
  epoch(bus, 2);
  await writer.flush();
  assertEquals(sink.texts.length, 1, "one write for what comes together");
  epoch(bus, 3);
  await Promise.all([
    writer[Symbol.asyncDispose](),
    writer[Symbol.asyncDispose](),
  ]);
  epoch(bus, 4);
  await settle();
  assertEquals(
    sink.records.map(({ idx, event }): unknown => [idx, event]),
    [1, 2, 3].map((n) => [n - 1, { kind: "EpochStart", epoch: n }]),
  );
  assertEquals(sink.ends, 1);
  assertEquals(bus.hasListeners("*"), false);
});

Deno.test("writer under 50 000 events: what has no room is counted, nothing else is lost", async () => {
  const bus = new PluginEventBus();
  const sink = new MemorySink();
  await using writer = new PluginEventJsonlWriter(bus, sink);
  for (let n = 0; n < 50_000; n++) epoch(bus, n);
  await writer.flush();
  const { records } = sink;
  assertEquals(records.length, 10_001);
  assertEquals(records.at(-1)?.event, {
    kind: "RecorderDropped",
    count: 40_000,
  });
  assertEquals(records.at(-2)?.event, { kind: "EpochStart", epoch: 9_999 });
  epoch(bus, 50_000);
  await writer.flush();
  const last = sink.records.at(-1);
  assertEquals([last?.idx, last?.event], [
    10_001,
    { kind: "EpochStart", epoch: 50_000 },
  ]);
});

Deno.test("write to a full or closed file: one PluginError, and flush() says so", async () => {
  const bus = new PluginEventBus();
  const sink = new MemorySink();
  const errors: string[] = [];
  bus.subscribe("PluginError", (event) => {
    if (event.kind === "PluginError") errors.push(event.code);
  });
  await using writer = new PluginEventJsonlWriter(bus, sink);
  epoch(bus, 1);
  await writer.flush();
  sink.isFull = true;
  epoch(bus, 2);
  const error = await assertRejects(() => writer.flush(), PluginError);
  assertEquals(error.code, "RECORDER_WRITE_FAILED");
  assert(error.cause instanceof Error);
  epoch(bus, 3);
  await assertRejects(() => writer.flush(), PluginError);
  assertEquals(errors, ["RECORDER_WRITE_FAILED"]);
  assertEquals(bus.hasListeners("*"), false);
  assertEquals(sink.records.length, 1);
});

Deno.test("PluginEventJsonlWriter leaves calls of operators out unless it is told to", async () => {
  const bus = new PluginEventBus();
  const call = {
    kind: "TensorOp",
    opName: "add",
    inputShape: [],
    outputShape: [],
    inputShapes: [],
    outputShapes: [],
  } as const;
  for (const captureTensorOps of [false, true]) {
    const sink = new MemorySink();
    await using writer = new PluginEventJsonlWriter(bus, sink, {
      captureTensorOps,
    });
    bus.publish({ ...call });
    await writer.flush();
    assertEquals(sink.records.length, captureTensorOps ? 1 : 0);
  }
});

Deno.test("PluginEventJsonlWriter.open() replaces a file or adds to it", async () => {
  const bus = new PluginEventBus();
  const path = await Deno.makeTempFile();
  try {
    for (const [append, want] of [[false, 1], [true, 2], [false, 1]] as const) {
      {
        await using _ = await PluginEventJsonlWriter.open(bus, path, {
          append,
        });
        epoch(bus, 1);
      }
      const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
      assertEquals(lines.length, want);
      assertEquals(parseRecord(lines[0]!).idx, 0);
    }
    const error = await assertRejects(
      () => PluginEventJsonlWriter.open(bus, `${path}/none`),
      PluginError,
    );
    assertEquals(error.code, "RECORDER_WRITE_FAILED");
    // The file is closed again.
    const wrong = { queueMax: 0 };
    await assertRejects(
      () => PluginEventJsonlWriter.open(bus, path, wrong),
      OptionError,
    );
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("PluginEventJsonlWriter refuses a queue that cannot be", () => {
  for (const queueMax of [0, NaN, 1.5]) {
    assertThrows(
      () =>
        new PluginEventJsonlWriter(new PluginEventBus(), new MemorySink(), {
          queueMax,
        }),
      OptionError,
    );
  }
});
