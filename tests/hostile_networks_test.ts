// Whatever plain JavaScript passes to what ./nn and ./data export, and to the methods of what they make: it
// is taken, or refused with a code.

import { assertEquals } from "@std/assert";
import type { Clock } from "../core/base/mod.ts";
import * as data from "../nn/data/readers/mod.ts";
import * as nn from "../nn/mod.ts";
import { ones, Tensor } from "../ops/mod.ts";
import {
  isClass,
  problemsOf,
  type Target,
  targetsOf,
} from "./hostile_calls.ts";

const RATIO = { base: 0.5, targetPreserved: 0.5, targetEnergy: 0.5 };
const CLOCK: Clock = {
  nowMs: () => 0,
  after(_, callback) {
    callback();
    return { [Symbol.dispose]() {} };
  },
};
const SINK = { isTerminal: false, columns: 80, write() {} };
const WINDOWS = { inChannels: 1, outChannels: 1, kernelSize: 1 };
const SAMPLES = {
  inputs: Float32Array.of(1, 2),
  inputShape: [1],
  targets: Float32Array.of(3, 4),
};

function linear(): nn.Linear {
  return new nn.Linear({ inFeatures: 2, outFeatures: 2 });
}

function words(): nn.Embedding {
  return new nn.Embedding({ numEmbeddings: 3, embeddingDim: 2 });
}

function ball(): nn.PoincareBall {
  return new nn.PoincareBall();
}

/** One of each class, whose methods are called. Abstract ones have one of a class that extends them. */
const EXAMPLES: Readonly<Record<string, () => object>> = {
  Adam: () => new nn.Adam(),
  AdamRule: () => new nn.Adam(),
  AdamW: () => new nn.AdamW(),
  AdaptiveAvgPool2d: () => new nn.AdaptiveAvgPool2d({ outputSize: 1 }),
  ArrayDataset: () => new nn.ArrayDataset(SAMPLES),
  AvgPool2d: () => new nn.AvgPool2d({ kernelSize: 1 }),
  BatchNorm: () => new nn.BatchNorm1d({ features: 2 }),
  BatchNorm1d: () => new nn.BatchNorm1d({ features: 2 }),
  BatchNorm2d: () => new nn.BatchNorm2d({ features: 2 }),
  CharacterVocabulary: () => new nn.CharacterVocabulary("abc"),
  ClassicHypergradTape: () =>
    new nn.ClassicHypergradTape({
      curvature: -1,
      learningRate: 0.1,
      shape: [2, 2],
    }),
  CoherenceEngine: () => new nn.CoherenceEngine({ dim: 2 }),
  CoherenceScan: () => new nn.CoherenceScan(),
  Conv1d: () => new nn.Conv1d(WINDOWS),
  Conv2d: () => new nn.Conv2d(WINDOWS),
  Conv3d: () => new nn.Conv3d(WINDOWS),
  ConvTranspose2d: () => new nn.ConvTranspose2d(WINDOWS),
  Convolution: () => new nn.Conv1d(WINDOWS),
  DataLoader: () => new nn.DataLoader(new nn.ArrayDataset(SAMPLES)),
  Dropout: () => new nn.Dropout(),
  EarlyStopping: () => new nn.EarlyStopping({ patience: 1 }),
  Embedding: words,
  Flatten: () => new nn.Flatten(),
  Gelu: () => new nn.Gelu(),
  GraphFunction: () =>
    new nn.GraphFunction({
      inputs: [],
      outputs: [],
      weights: new Map(),
      trace: { values: [], outputs: [] },
      lookup: () => undefined,
    }),
  GroupNorm: () => new nn.GroupNorm({ features: 2, groups: 1 }),
  Gru: () => new nn.Gru({ inputSize: 2, hiddenSize: 2 }),
  HyperbolicEmbedding: () =>
    new nn.HyperbolicEmbedding({ numEmbeddings: 3, embeddingDim: 2 }),
  HyperbolicLinear: () =>
    new nn.HyperbolicLinear({ inFeatures: 2, outFeatures: 2 }),
  HyperbolicMlr: () => new nn.HyperbolicMlr({ features: 2, classes: 2 }),
  InstanceNorm: () => new nn.InstanceNorm({ features: 2 }),
  LanguageWaveEncoder: () => new nn.LanguageWaveEncoder(),
  LayerNorm: () => new nn.LayerNorm({ features: 2 }),
  LearnableCurvature: () => new nn.LearnableCurvature(),
  Linear: linear,
  Lion: () => new nn.Lion(),
  LoraLinear: () => new nn.LoraLinear(linear(), { rank: 1 }),
  Lstm: () => new nn.Lstm({ inputSize: 2, hiddenSize: 2 }),
  ManifoldParameter: () => new nn.ManifoldParameter(ones([2]), ball()),
  MaxPool2d: () => new nn.MaxPool2d({ kernelSize: 1 }),
  MaxwellBridge: () =>
    new nn.MaxwellBridge({
      channels: { x: { window: [{ token: 0, weight: 1 }], tags: ["y"] } },
    }),
  Module: linear,
  ModuleDiscoveryRegistry: () => nn.createModuleRegistry(),
  ModulePipelineBuilder: () =>
    new nn.ModulePipelineBuilder(nn.createModuleRegistry()),
  MultiheadAttention: () =>
    new nn.MultiheadAttention({ features: 2, heads: 1 }),
  Muon: () => new nn.Muon(),
  OpenCartesianTopos: () => new nn.OpenCartesianTopos({ curvature: -1 }),
  Parallel: () => new nn.Parallel([linear()], { merge: "add" }),
  Parameter: () => new nn.Parameter(ones([2])),
  PoincareBall: ball,
  PreDiscardJournal: () => new nn.PreDiscardJournal(),
  PreDiscardPolicy: () => new nn.PreDiscardPolicy({ dominanceRatio: 0.5 }),
  PreDiscardRegulator: () => new nn.PreDiscardRegulator(RATIO),
  ProgressBar: () => new nn.ProgressBar(SINK, CLOCK),
  Recurrent: () => new nn.Gru({ inputSize: 2, hiddenSize: 2 }),
  RelationLoader: () => new nn.RelationLoader([[0, 1]], { count: 3 }),
  Relu: () => new nn.Relu(),
  Residual: () => new nn.Residual(linear()),
  RiemannianAdam: () => new nn.RiemannianAdam(),
  RiemannianSgd: () => new nn.RiemannianSgd(),
  RmsNorm: () => new nn.RmsNorm({ features: 2 }),
  RmsProp: () => new nn.RmsProp(),
  SemanticBridge: () => new nn.SemanticBridge([[1, 0], [0, 1]]),
  SeparableConv2d: () => new nn.SeparableConv2d(WINDOWS),
  SequenceDataset: () =>
    new nn.SequenceDataset(Int32Array.of(1, 2, 3), { length: 1 }),
  SequencerHub: () => new nn.SequencerHub(),
  Sequential: () => new nn.Sequential([linear()]),
  Sgd: () => new nn.Sgd(),
  Sigmoid: () => new nn.Sigmoid(),
  Silu: () => new nn.Silu(),
  SinusoidalPositions: () => new nn.SinusoidalPositions({ features: 2 }),
  Softmax: () => new nn.Softmax(),
  StreamLoader: () =>
    new nn.StreamLoader(nn.indexedStream({
      size: 1,
      sample: () => ({
        input: { shape: [1], data: Float32Array.of(1) },
        target: { shape: [], data: Float32Array.of(1) },
      }),
    })),
  Tanh: () => new nn.Tanh(),
  TiedLinear: () => new nn.TiedLinear(words()),
  ToposResonator: () => new nn.ToposResonator({ features: 2 }),
  Trainer: () =>
    new nn.Trainer({
      model: linear(),
      loss: nn.mse,
      optimizer: new nn.Sgd(),
      clock: CLOCK,
    }),
  TransformerDecoderLayer: () =>
    new nn.TransformerDecoderLayer({ features: 2, heads: 1 }),
  TransformerEncoderLayer: () =>
    new nn.TransformerEncoderLayer({ features: 2, heads: 1 }),
  Unflatten: () => new nn.Unflatten({ shape: [2, 1] }),
  WatchedModule: () => new nn.ZSpaceCoherenceSequencer({ dim: 2, heads: 1 }),
  WaveGate: () => new nn.WaveGate({ features: 2 }),
  ZSpaceCoherenceSequencer: () =>
    new nn.ZSpaceCoherenceSequencer({ dim: 2, heads: 1 }),
  ZSpaceLayerNorm: () => new nn.ZSpaceLayerNorm({ features: 2 }),
  ZSpaceMixer: () => new nn.ZSpaceMixer({ features: 2 }),
  ZSpaceProjector: () => new nn.ZSpaceProjector(),
  ZSpaceSoftmax: () => new nn.ZSpaceSoftmax(),
  ZSpaceTraceRecorder: () => new nn.ZSpaceTraceRecorder(),
};

/** What has methods that are called elsewhere: those of each module with `Module`. */
const ELSEWHERE: readonly object[] = [
  Object.prototype,
  Tensor.prototype,
  nn.Module.prototype,
];

/** Methods that no caller has, that end what is still needed, or that write files. */
const NOT_CALLED: readonly PropertyKey[] = [
  "constructor",
  "currentOf",
  "dispose",
  "note",
  "step",
  "takes",
  "writeJsonl",
  Symbol.dispose,
];

function prototypesOf(name: string, value: object): object[] {
  if (name === "Module") return [nn.Module.prototype];
  const found: object[] = [];
  let type: object = Object.getPrototypeOf(value);
  while (!ELSEWHERE.includes(type)) {
    found.push(type);
    type = Object.getPrototypeOf(type);
  }
  return found;
}

/** The methods of an object, each of one of its own. */
function methodsOf(name: string, make: () => object): Target[] {
  return prototypesOf(name, make()).flatMap((type) =>
    Reflect.ownKeys(type).flatMap((key): Target[] => {
      const { value } = Object.getOwnPropertyDescriptor(type, key)!;
      if (typeof value !== "function" || NOT_CALLED.includes(key)) return [];
      const owner = make();
      const call: Target["call"] = (inputs) =>
        Reflect.apply(value, owner, inputs);
      return [{ name: `${name}.${String(key)}`, call }];
    })
  );
}

async function assertNoProblems(targets: readonly Target[]): Promise<void> {
  const problems: string[] = [];
  for (const target of targets) problems.push(...await problemsOf(target));
  assertEquals(problems, []);
}

Deno.test("whatever functions and classes of networks are given is taken, or refused with a code", async () => {
  await assertNoProblems([
    ...targetsOf("", nn),
    ...targetsOf("data.", data),
    ...targetsOf("PoincareBall.classic.", nn.PoincareBall.classic),
  ]);
});

Deno.test("each class of networks has an example, whose methods are called", () => {
  const classes = Object.entries({ ...nn, ...data }).flatMap((
    [name, value],
  ) => {
    const isError = typeof value === "function" &&
      value.prototype instanceof Error;
    return isClass(value) && !isError ? [name] : [];
  });
  assertEquals(Object.keys(EXAMPLES), classes.sort());
});

Deno.test("whatever methods of networks are given is taken, or refused with a code", async () => {
  await assertNoProblems(
    Object.entries(EXAMPLES).flatMap(([name, make]) => methodsOf(name, make)),
  );
});
