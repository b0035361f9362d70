import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/base/mod.ts";
import { tensor } from "../../../ops/mod.ts";
import { ZSpaceError } from "../errors.ts";
import { ZSpaceCoherenceSequencer } from "../sequencer/sequencer.ts";
import { SEQUENCER_INPUTS } from "../sequencer/sequencer_vectors_test.ts";
import { parseTraceRecord } from "./parse_trace_record.ts";
import { traceToHtml } from "./trace_page.ts";
import { recordStage, type TraceRecord } from "./trace_record.ts";
import { ZSpaceTraceRecorder } from "./trace_recorder.ts";

/** A recorder that has been told of some passes, and all other kinds of stages. */
async function record(options = {}, passes = 2): Promise<ZSpaceTraceRecorder> {
  const recorder = new ZSpaceTraceRecorder(options);
  using sequencer = new ZSpaceCoherenceSequencer({
    dim: 12,
    heads: 3,
    preDiscard: { dominanceRatio: 0.02 },
    name: "encoder",
  });
  sequencer.attach(recorder);
  const x = SEQUENCER_INPUTS.B();
  for (let i = 0; i < passes; i++) await sequencer.forwardWithDiagnostics(x);
  sequencer.registerLinguisticProfile({ concept: "membrane", emphasis: 2 });
  await sequencer.describeChannels(x);
  await sequencer.emitLinguisticContour(x);
  await sequencer.setBackend("reference");
  sequencer.clearLinguisticProfiles();
  await sequencer.settled();
  return recorder;
}

Deno.test("ZSpaceTraceRecorder keeps each kind of stage, which parse and print leave as it was", async () => {
  const recorder = await record();
  const lines = recorder.toJsonl().trimEnd().split("\n");
  assertEquals(lines.length, 13);
  for (const [i, line] of lines.entries()) {
    assertEquals(JSON.stringify(parseTraceRecord(line)), line);
    assertEquals(parseTraceRecord(line), recorder.snapshot()[i]!);
  }
  const [projected, measured, discarded, aggregated] = recorder.snapshot();
  const fields = [projected, measured, discarded].map((record) =>
    Object.keys(record!.payload)
  );
  assertEquals(fields, [
    ["step", "input", "projected", "curvature", "geometry"],
    ["step", "coherence", "energy_total"],
    [
      "step",
      "coherence_before",
      "coherence",
      "survivors",
      "discarded",
      "telemetry",
    ],
  ]);
  assertEquals(discarded?.kind, "pre_discard_applied");
  assertEquals(discarded?.payload["survivors"], [0, 1]);
  const card = aggregated?.noncollapse;
  assertEquals(card?.["dominant_channel"], 1);
  assertEquals(card?.["label"], "diffuse_drift");
  assertEquals(aggregated?.sequencer, "encoder");
});

Deno.test("ZSpaceTraceRecorder lets old records go, and counts them", async () => {
  const recorder = await record({ capacity: 1 });
  assertEquals(recorder.snapshot().map(({ step }) => step), [13]);
  assertEquals(recorder.dropped, 12);
  recorder.clear();
  const { seen, dropped } = recorder;
  assertEquals([recorder.snapshot(), seen, dropped], [[], 0, 0]);
  const ring = new ZSpaceTraceRecorder();
  for (let step = 1; step <= 1000; step++) {
    await ring.onStage({
      kind: "BackendConfigured",
      backend: "wasm",
      step,
      sequencer: "s",
    });
  }
  assertEquals([ring.snapshot().length, ring.dropped], [256, 744]);
});

Deno.test("Records cut long tensors, and keep numbers that are not finite", async () => {
  const stage = {
    kind: "CoherenceMeasured",
    zSpace: tensor([[1, 0], [-2, 0.5]]),
    coherence: tensor([[1, NaN, Infinity], [-Infinity, 0, 2]]),
    step: 3,
    sequencer: "s",
  } as const;
  const whole = await recordStage(stage, { maxVectorLength: 6 });
  assertEquals(whole.payload["coherence"], {
    shape: [2, 3],
    values: [1, "NaN", "Infinity", "-Infinity", 0, 2],
    length: 6,
    truncated: false,
  });
  assertEquals(whole.payload["energy_total"], 5.25);
  const cut = await recordStage(stage, { maxVectorLength: 2 });
  assertEquals(cut.payload["coherence"], {
    shape: [2, 3],
    values: [1, "NaN"],
    length: 6,
    truncated: true,
  });
  assertEquals(parseTraceRecord(JSON.stringify(cut)), cut);
});

Deno.test("What a recorder gives out is not what it keeps", async () => {
  const recorder = await record();
  const [first] = recorder.snapshot();
  Object.assign(first!.payload, { step: 99 });
  assertEquals(recorder.snapshot()[0]!.payload["step"], 1);
});

const LINE = {
  schema: "spiraltorch.zspace_trace",
  "schema_version": 2,
  kind: "backend_configured",
  step: 1,
  payload: { step: 1, backend: "wasm" },
  extra: true,
};

Deno.test("parseTraceRecord() keeps fields that it does not know, and refuses what does not fit", () => {
  assertEquals(parseTraceRecord(JSON.stringify(LINE)), LINE as unknown);
  const cases: readonly (readonly [unknown, string])[] = [
    [[], ""],
    [{ ...LINE, schema: "other" }, "schema"],
    [{ ...LINE, "schema_version": 1 }, "schema_version"],
    [{ ...LINE, kind: "psi_telemetry_published" }, "kind"],
    [{ ...LINE, kind: "__proto__" }, "kind"],
    [{ ...LINE, step: 0, payload: { ...LINE.payload, step: 0 } }, "step"],
    [{ ...LINE, sequencer: 5 }, "sequencer"],
    [{ ...LINE, noncollapse: null }, "noncollapse"],
    [{ ...LINE, payload: null }, "payload"],
    [{ ...LINE, step: 2 }, "payload.step"],
    [{ ...LINE, payload: { step: 1 } }, "payload.backend"],
    [
      {
        ...LINE,
        kind: "projected",
        payload: {
          step: 1,
          input: { shape: [2], values: [1, 2], length: 3, truncated: false },
        },
      },
      "payload.input",
    ],
  ];
  for (const [value, path] of cases) {
    const error = assertThrows(
      () => parseTraceRecord(JSON.stringify(value), { line: 7 }),
      ZSpaceError,
      "line 7",
    );
    assertEquals(error.code, "TRACE_INVALID");
    assertEquals(error.details["path"], path);
    assertEquals(error.details["line"], 7);
  }
  assertThrows(() => parseTraceRecord("{"), ZSpaceError, "a JSON object");
});

Deno.test("ZSpaceTraceRecorder writes a file of lines", async () => {
  const recorder = await record();
  const path = await Deno.makeTempFile();
  await recorder.writeJsonl(path);
  assertEquals(await Deno.readTextFile(path), recorder.toJsonl());
  await Deno.remove(path);
});

Deno.test("ZSpaceTraceRecorder refuses numbers out of range", () => {
  const error = assertThrows(
    () => new ZSpaceTraceRecorder({ capacity: 0, maxVectorLength: 1.5 }),
    OptionError,
  );
  assertEquals((error.details["problems"] as readonly unknown[]).length, 2);
});

Deno.test("traceToHtml() draws every pass, needs nothing else, and trusts no name", async () => {
  const recorder = await record();
  const evil = recorder.snapshot().map((record) => ({
    ...record,
    sequencer: "<script>alert(1)</script>",
  }));
  const page = traceToHtml(evil, { title: "A & B" });
  assert(page.startsWith("<!doctype html>"));
  assert(page.includes("<title>A &#38; B</title>"));
  assert(!page.includes("<script"));
  assert(!/(src|href)=/.test(page));
  // Two passes of three channels.
  assertEquals(page.match(/<rect /g)?.length, 6);
  assertEquals(page.match(/<circle /g)?.length, 13);
  assertEquals(page.match(/<polyline /g)?.length, 2);
  assert(page.includes(">channel 0<") && page.includes(">channel 2<"));
  // A share has the scale from 0 to 1, an entropy that of the largest.
  assert(page.includes(">1</text>") && page.includes(">0.6931</text>"));
  assert(traceToHtml([]).includes("0 stages, 0 passes"));
});

Deno.test("traceToHtml() takes what is no number for 0, and long traces as they come", () => {
  const strange = {
    ...LINE,
    "schema_version": 2,
    schema: "spiraltorch.zspace_trace",
    kind: "aggregated",
    noncollapse: { entropy: "NaN", label: "<b>" },
    payload: {
      step: 1,
      diagnostics: { "normalized_weights": ['"/><script>', "NaN", 0.5] },
    },
  } as const;
  const record = strange as TraceRecord;
  const page = traceToHtml([record]);
  assert(!/<script|<b>|NaN/.test(page));
  const passes = Array.from({ length: 20_000 }, () => ({
    ...record,
    payload: { diagnostics: { "normalized_weights": [.1, .2, .3, .2, .2] } },
  }));
  assert(traceToHtml(passes).includes("20000 passes"));
});
