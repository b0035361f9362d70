import { assert, assertEquals } from "@std/assert";
import { ones, type Tensor, tensor } from "../../ops/mod.ts";
import * as zspace from "./mod.ts";

/** What plain JavaScript may pass anywhere, whatever types say. */
const BAD: readonly (readonly [name: string, value: unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["NaN", NaN],
  ["text", "x"],
  ["a list", []],
  ["a function", () => 1],
  ["a symbol", Symbol("q")],
  ["an object without a text", Object.create(null)],
];

type Call = (value: unknown) => unknown;

/** What is wrong with how a call fails: nothing, if it succeeds or fails with a code. */
async function uncoded(label: string, call: () => unknown): Promise<string[]> {
  try {
    await call();
  } catch (error) {
    const isCoded = error instanceof Error && "code" in error &&
      /^[A-Z][A-Z_]+$/.test(String(error.code));
    if (!isCoded) return [`${label}: ${error}`];
  }
  return [];
}

async function assertCoded(calls: Readonly<Record<string, Call>>) {
  const wrong: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    for (const [bad, value] of BAD) {
      wrong.push(...await uncoded(`${name}(${bad})`, () => call(value)));
    }
  }
  assertEquals(wrong, []);
}

const CLASSES = [
  zspace.ClassicHypergradTape,
  zspace.CoherenceEngine,
  zspace.CoherenceScan,
  zspace.HyperbolicEmbedding,
  zspace.HyperbolicLinear,
  zspace.HyperbolicMlr,
  zspace.LanguageWaveEncoder,
  zspace.LearnableCurvature,
  zspace.MaxwellBridge,
  zspace.OpenCartesianTopos,
  zspace.PoincareBall,
  zspace.PreDiscardJournal,
  zspace.PreDiscardPolicy,
  zspace.PreDiscardRegulator,
  zspace.RiemannianAdam,
  zspace.RiemannianSgd,
  zspace.SemanticBridge,
  zspace.ToposResonator,
  zspace.WaveGate,
  zspace.ZSpaceCoherenceSequencer,
  zspace.ZSpaceLayerNorm,
  zspace.ZSpaceMixer,
  zspace.ZSpaceProjector,
  zspace.ZSpaceSoftmax,
  zspace.ZSpaceTraceRecorder,
];

Deno.test("zspace: options that are none are refused by a code", async () => {
  await assertCoded(
    Object.fromEntries(CLASSES.map((each) => [
      each.name,
      (value) => Reflect.construct(each, [value]),
    ])),
  );
});

Deno.test("zspace: no option of the sequencer breaks it without a code", async () => {
  const names = [
    "dim",
    "heads",
    "curvature",
    "channels",
    "geometry",
    "weights",
    "pooling",
    "output",
    "rescale",
    "concept",
    "preDiscard",
    "topos",
    "regulator",
    "name",
    "hub",
  ];
  await assertCoded(
    Object.fromEntries(
      names.map((
        name,
      ) => [
        name,
        (value) =>
          Reflect.construct(zspace.ZSpaceCoherenceSequencer, [
            { dim: 4, heads: 2, [name]: value },
          ]),
      ]),
    ),
  );
});

/** Calls a method with something else in the place of a tensor. */
function passing(owner: object, method: string, ...rest: unknown[]): Call {
  return (value) =>
    Reflect.apply(Reflect.get(owner, method), owner, [value, ...rest]);
}

Deno.test("zspace: what is no tensor is refused by a code", async () => {
  const x = ones([2, 3]).mul(0.1);
  const ball = new zspace.PoincareBall();
  const topos = new zspace.OpenCartesianTopos({ curvature: -1 });
  const engine = new zspace.CoherenceEngine({ dim: 3, channels: 3 });
  const policy = new zspace.PreDiscardPolicy({ dominanceRatio: 0.5 });
  const sequencer = new zspace.ZSpaceCoherenceSequencer({ dim: 3, heads: 3 });
  const tape = new zspace.ClassicHypergradTape({
    curvature: -1,
    learningRate: 0.1,
    shape: [2, 3],
  });
  await assertCoded({
    exp0: passing(ball, "exp0"),
    log0: passing(ball, "log0"),
    add: passing(ball, "add", x),
    distance: (value) => ball.distance(x, value as Tensor),
    transport: (value) => ball.transport(x, x, value as Tensor),
    contains: passing(ball, "contains"),
    saturate: passing(topos, "saturate"),
    guard: (value) => topos.guard("x", value as Tensor),
    ensureDepth: passing(topos, "ensureDepth"),
    measurePhases: passing(engine, "measurePhases"),
    relation: passing(engine, "relation"),
    registerLinguisticProfile: passing(engine, "registerLinguisticProfile"),
    apply: passing(policy, "apply"),
    forward: passing(sequencer, "forward"),
    forwardWithDiagnostics: passing(sequencer, "forwardWithDiagnostics"),
    diagnostics: passing(sequencer, "diagnostics"),
    measureOn: (value) =>
      sequencer.diagnostics(x, { measureOn: value as "raw" }),
    accumulateWave: passing(tape, "accumulateWave"),
    accumulatePair: (value) => tape.accumulatePair(x, value as Tensor),
    contourOf: (value) => zspace.contourOf(value as number[], -1),
    summarizeSimplex: (value) => zspace.summarizeSimplex(value as number[]),
    traceToHtml: (value) => zspace.traceToHtml(value as []),
    parseTraceRecord: (value) => zspace.parseTraceRecord(value as string),
    encode: passing(new zspace.LanguageWaveEncoder(), "encode"),
  });
  // Nothing of all this has been left behind.
  assertEquals([...await tape.gradient.data()], [0, 0, 0, 0, 0, 0]);
  assertEquals(engine.profiles, []);
  await sequencer.forwardWithDiagnostics(x);
});

Deno.test("zspace: hierarchies that are none are refused by a code", async () => {
  type Relations = readonly zspace.Relation[];
  await assertCoded({
    treeEmbedding: (value) =>
      zspace.treeEmbedding(value as number[], { dimension: 2 }),
    "treeEmbedding options": (value) =>
      zspace.treeEmbedding([-1], value as { dimension: 2 }),
    stepsBetween: (value) =>
      zspace.stepsBetween(value as Relations, { count: 2 }),
    "a relation": (value) =>
      zspace.stepsBetween([value] as Relations, { count: 2 }),
    "stepsBetween options": (value) =>
      zspace.stepsBetween([], value as { count: 2 }),
    RelationLoader: (value) =>
      new zspace.RelationLoader(value as Relations, { count: 2 }),
    "RelationLoader options": (value) =>
      new zspace.RelationLoader([[0, 1]], value as { count: 3 }),
    distortionOf: (value) => zspace.distortionOf(value as number[], [1]),
    "what distances should be": (value) =>
      zspace.distortionOf([1], value as number[]),
    reconstructionOf: (value) =>
      zspace.reconstructionOf(value as number[], [[0, 0]]),
    "reconstructionOf relations": (value) =>
      zspace.reconstructionOf([0], value as Relations),
  });
});

Deno.test("zspace: tensors of no axis, or of other sizes, are refused by a code", async () => {
  const sequencer = new zspace.ZSpaceCoherenceSequencer({ dim: 3, heads: 3 });
  const policy = new zspace.PreDiscardPolicy({ dominanceRatio: 0.5 });
  const wrong: string[] = [];
  for (const x of [tensor(1), ones([2]), ones([0, 3]), ones([2, 0])]) {
    const label = `[${x.shape}]`;
    for (
      const call of [
        () => sequencer.forwardWithDiagnostics(x),
        () => policy.apply(x),
        () => new zspace.PoincareBall().exp0(x),
        () => new zspace.CoherenceScan().forward(x),
        () => new zspace.WaveGate({ features: 3 }).forward(x),
      ]
    ) wrong.push(...await uncoded(label, call));
  }
  assertEquals(wrong, []);
});

Deno.test("zspace: what cannot watch is refused when it is attached, and breaks no pass", async () => {
  const hub = new zspace.SequencerHub();
  const sequencer = new zspace.ZSpaceCoherenceSequencer({
    dim: 3,
    heads: 3,
    hub,
  });
  const good = { name: "watcher", onStage() {} };
  const attachments: Record<string, Call> = {
    attach: (value) => sequencer.attach(value as typeof good),
    "hub.attach": (value) => hub.attach(value as typeof good),
    join: (value) => sequencer.join(value as { plugins: [] }),
    "hub.track": (value) => hub.track(value as typeof sequencer),
  };
  await assertCoded(attachments);
  for (const field of ["name", "onStage", "kinds", "publishStages"]) {
    for (const value of [null, 7, Symbol("q"), [1]]) {
      const plugin = { ...good, [field]: value };
      for (const name of ["attach", "hub.attach"]) {
        let code: unknown;
        try {
          attachments[name]!(plugin);
        } catch (error) {
          code = (error as { code?: unknown }).code;
        }
        assertEquals(code, "INVALID_OPTION", `${name} ${field}`);
      }
    }
  }
  assertEquals(sequencer.plugins(), []);
  const { output } = await sequencer.forwardWithDiagnostics(ones([2, 3]));
  assert(output.size === 6);
});
