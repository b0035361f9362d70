import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "../events/bus.ts";
import type { PluginEvent } from "../events/event.ts";
import { ManualClock } from "../events/manual_clock_test.ts";
import { parseRecord } from "./event_record.ts";
import { PluginEventRecorder } from "./event_recorder.ts";

function custom(eventType: string, data: unknown): PluginEvent {
  return { kind: "Custom", eventType, data };
}

function kindsOf(recorder: PluginEventRecorder): string[] {
  return recorder.snapshot().events.map(({ event }) => event.kind);
}

Deno.test("PluginEventRecorder keeps every kind of event with its place", () => {
  const clock = new ManualClock();
  const bus = new PluginEventBus({ clock });
  clock.setMs(100);
  using recorder = PluginEventRecorder.subscribe(bus, { clock });
  const events: PluginEvent[] = [
    { kind: "SystemInit" },
    {
      kind: "TensorOp",
      opName: "add",
      inputShape: [2],
      outputShape: [2],
      inputShapes: [[2], [2]],
      outputShapes: [[2]],
    },
    { kind: "BackendChanged", backend: "wasm", previous: undefined },
    { kind: "Telemetry", data: { stepMs: NaN } },
    custom("acme:x", { a: [1] }),
  ];
  for (const [index, event] of events.entries()) {
    clock.setMs(100 + index * 1.5);
    if (index === 4) bus.publishFrom("acme.a", event);
    else bus.publish(event);
  }
  const snapshot = recorder.snapshot();
  assertEquals(snapshot.droppedEvents, 0);
  assertEquals(snapshot.events.map(({ event }) => event), events);
  assertEquals(
    snapshot.events.map(({ idx, elapsedMs, source }) => [
      idx,
      elapsedMs,
      source,
    ]),
    [
      [0, 0, "host"],
      [1, 1.5, "host"],
      [2, 3, "host"],
      [3, 4.5, "host"],
      [4, 6, "acme.a"],
    ],
  );
  assertEquals(recorder.elapsedMs(), 6);
});

Deno.test("mutate after publish: PluginEventRecorder keeps what was published", () => {
  const bus = new PluginEventBus();
  using recorder = PluginEventRecorder.subscribe(bus);
  const data = { list: [1] };
  bus.publish(custom("x", data));
  data.list.push(2);
  assertEquals(
    recorder.snapshot().events[0]?.event,
    custom("x", { list: [1] }),
  );
});

Deno.test("capacity 1; wrap-around counts: PluginEventRecorder keeps the newest, and says how many went", () => {
  for (const capacity of [1, 3, 7]) {
    const bus = new PluginEventBus();
    using recorder = PluginEventRecorder.subscribe(bus, { capacity });
    for (let epoch = 0; epoch < 7; epoch++) {
      bus.publish({ kind: "EpochStart", epoch });
    }
    const { droppedEvents, events } = recorder.snapshot();
    assertEquals(droppedEvents, 7 - capacity);
    assertEquals(
      events.map(({ idx }) => idx),
      [0, 1, 2, 3, 4, 5, 6].slice(7 - capacity),
    );
  }
});

Deno.test("clear: PluginEventRecorder begins again at 0", () => {
  const bus = new PluginEventBus();
  using recorder = PluginEventRecorder.subscribe(bus, { capacity: 1 });
  bus.publish({ kind: "SystemInit" });
  bus.publish({ kind: "SystemInit" });
  recorder.clear();
  assertEquals(recorder.snapshot(), { droppedEvents: 0, events: [] });
  bus.publish({ kind: "SystemShutdown" });
  const { droppedEvents, events } = recorder.snapshot();
  assertEquals([droppedEvents, events[0]?.idx], [0, 0]);
});

Deno.test("two recorders, one disposed: the other goes on", () => {
  const bus = new PluginEventBus();
  const one = PluginEventRecorder.subscribe(bus);
  using other = PluginEventRecorder.subscribe(bus);
  bus.publish({ kind: "SystemInit" });
  one.dispose();
  one.dispose();
  bus.publish({ kind: "SystemShutdown" });
  assertEquals(kindsOf(one), ["SystemInit"]);
  assertEquals(kindsOf(other), ["SystemInit", "SystemShutdown"]);
  other.dispose();
  assertEquals(bus.hasListeners("*"), false);
});

Deno.test("PluginEventRecorder records what its filters let through, each once", () => {
  const bus = new PluginEventBus();
  const types = ["SystemInit", "*", "acme:x"];
  using all = PluginEventRecorder.subscribe(bus, { types });
  using some = PluginEventRecorder.subscribe(bus, { types: ["acme:x"] });
  using plugins = PluginEventRecorder.subscribe(bus, { sources: ["acme.a"] });
  bus.publish({ kind: "SystemInit" });
  bus.publish(custom("acme:x", 1));
  bus.publishFrom("acme.a", custom("acme:y", 2));
  assertEquals(kindsOf(all), ["SystemInit", "Custom", "Custom"]);
  assertEquals(kindsOf(some), ["Custom"]);
  assertEquals(plugins.snapshot().events[0]?.event, custom("acme:y", 2));
  assertEquals(bus.hasListeners("TensorOp"), true);
});

Deno.test("PluginEventRecorder of some types makes nobody pay for others", () => {
  const bus = new PluginEventBus();
  using _ = PluginEventRecorder.subscribe(bus, { types: ["EpochEnd"] });
  assertEquals(bus.hasListeners("TensorOp"), false);
});

Deno.test("PluginEventRecorder refuses what it cannot be made with", () => {
  const bus = new PluginEventBus();
  for (const capacity of [0, 1.5, NaN]) {
    assertThrows(() => new PluginEventRecorder(bus, { capacity }), OptionError);
  }
  assertThrows(() => new PluginEventRecorder(bus, { types: [] }), OptionError);
  assertThrows(
    () => new PluginEventRecorder(bus, { types: ["SystemInit", " "] }),
    PluginError,
  );
  assertEquals(bus.hasListeners("SystemInit"), false);
});

Deno.test("PluginEventRecorder.writeJsonl() writes one record a line, in snake case", async () => {
  const bus = new PluginEventBus();
  const clock = new ManualClock();
  using recorder = PluginEventRecorder.subscribe(bus, { clock });
  clock.setMs(1.2);
  bus.publish({
    kind: "TensorOp",
    opName: "add",
    inputShape: [2],
    outputShape: [2],
    inputShapes: [[2]],
    outputShapes: [[2]],
  });
  bus.publish({ kind: "SystemShutdown" });
  const path = await Deno.makeTempFile();
  try {
    await recorder.writeJsonl(path);
    const text = await Deno.readTextFile(path);
    assertEquals(
      text,
      '{"idx":0,"elapsed_ms":1.2,"source":"host","event":{"kind":"TensorOp","data":{"op_name":"add","input_shape":[2],"output_shape":[2],"input_shapes":[[2]],"output_shapes":[[2]]}}}\n' +
        '{"idx":1,"elapsed_ms":1.2,"source":"host","event":{"kind":"SystemShutdown"}}\n',
    );
    const lines = text.trimEnd().split("\n");
    assertEquals(lines.map(parseRecord), [...recorder.snapshot().events]);
  } finally {
    await Deno.remove(path);
  }
  const error = await assertRejects(
    () => recorder.writeJsonl(`${path}/none/such.jsonl`),
    PluginError,
  );
  assertEquals(error.code, "RECORDER_WRITE_FAILED");
});

Deno.test("Mermaid with quotes, brackets and one node: labels are text", () => {
  const bus = new PluginEventBus();
  using recorder = PluginEventRecorder.subscribe(bus);
  bus.publish(custom('a"]; n9["x', 0));
  assertEquals(
    recorder.toMermaidFlowchart(),
    'flowchart TD\n  n0["Custom a#34;#93;; n9#91;#34;x"]\n',
  );
  assertEquals(
    recorder.toDot(),
    'digraph events {\n  rankdir=TB;\n  node [shape=box];\n  n0 [label="Custom a\\"]; n9[\\"x"];\n}\n',
  );
});

Deno.test("PluginEventRecorder draws the oldest events and one node for the rest", () => {
  const bus = new PluginEventBus();
  using recorder = PluginEventRecorder.subscribe(bus);
  bus.publish({ kind: "SystemInit" });
  bus.publishFrom("acme.a", { kind: "EpochStart", epoch: 3 });
  bus.publish({ kind: "PluginLoaded", pluginId: "acme.b" });
  assertEquals(
    recorder.toMermaidFlowchart({ maxNodes: 2 }),
    `flowchart TD
  n0["SystemInit"]
  n1["acme.a: EpochStart 3"]
  n_more["1 more"]
  n0 --> n1
  n1 --> n_more
`,
  );
  assertEquals(
    recorder.toDot(),
    `digraph events {
  rankdir=TB;
  node [shape=box];
  n0 [label="SystemInit"];
  n1 [label="acme.a: EpochStart 3"];
  n2 [label="PluginLoaded acme.b"];
  n0 -> n1;
  n1 -> n2;
}
`,
  );
  for (const maxNodes of [0, NaN]) {
    assertThrows(() => recorder.toMermaidFlowchart({ maxNodes }), OptionError);
  }
});

Deno.test.each([
  { line: "no", why: "it is no JSON" },
  { line: "[]", why: "it is no object" },
  { line: "{}", why: "it has no idx" },
  { line: '{"idx":0}', why: "it has no elapsed_ms" },
  { line: '{"idx":0,"elapsed_ms":0}', why: "it has no source" },
  {
    line: '{"idx":0,"elapsed_ms":0,"source":"host"}',
    why: "it has no event",
  },
  {
    line: '{"idx":0,"elapsed_ms":0,"source":"host","event":{}}',
    why: "its event has no kind",
  },
  {
    line:
      '{"idx":0,"elapsed_ms":0,"source":"host","event":{"kind":"x","data":1}}',
    why: "the data of its event is no object",
  },
  {
    line:
      '{"idx":0,"elapsed_ms":0,"source":"host","event":{"kind":"x","data":{"a":{"$type":"bigint","value":"x"}}}}',
    why: "a $type does not fit its value",
  },
])("parseRecord() refuses $line", ({ line, why }) => {
  const error = assertThrows(() => parseRecord(line), PluginError);
  assertEquals([error.code, error.details.why], ["RECORD_INVALID", why]);
});
