// Whatever plain JavaScript passes to what ./nn and ./data export, and to the methods of what they make: it
// is taken, or refused with a code.

import { assertEquals } from "@std/assert";
import type { Clock } from "../core/base/mod.ts";
import * as data from "../nn/data/readers/mod.ts";
import * as nn from "../nn/mod.ts";
import { ones, Tensor } from "../ops/mod.ts";
import {
  isClass,
  methodsOf,
  type OptionTarget,
  optionTargets,
  PAIRS,
  problemsOf,
  SINGLES,
  type Target,
  targetsOf,
} from "./hostile_calls.ts";

const CLOCK: Clock = {
  nowMs: () => 0,
  after(_, callback) {
    callback();
    return { [Symbol.dispose]() {} };
  },
};
const SINK = { isTerminal: false, columns: 80, write() {} };
const SAMPLES = {
  inputs: Float32Array.of(1, 2),
  inputShape: [1],
  targets: Float32Array.of(3, 4),
  targetShape: [],
};
const SAMPLE: nn.Sample = {
  input: { shape: [1], data: Float32Array.of(1) },
  target: { shape: [], data: Float32Array.of(1) },
};
const SIDES = { inFeatures: 2, outFeatures: 2 };
const TABLE = { numEmbeddings: 3, embeddingDim: 2 };
const HEADS = { features: 2, heads: 1, seed: 1 };
const NORM = { features: 2, epsilon: 1e-5, affine: true };
const POOL = { kernelSize: 1, stride: 1, padding: 0 };
const BEND = { curvature: -1, geometry: "exact", topos: undefined };
const ADAM = {
  learningRate: 1,
  beta1: 0.9,
  beta2: 0.9,
  epsilon: 1,
  weightDecay: 0,
};
const RECURRENT = {
  inputSize: 2,
  hiddenSize: 2,
  layers: 1,
  bidirectional: false,
  bias: true,
  dropout: 0,
  seed: 1,
};
const WINDOWS = {
  inChannels: 1,
  outChannels: 1,
  kernelSize: 1,
  stride: 1,
  padding: 0,
  dilation: 1,
  bias: true,
  seed: 1,
};

/** What each class can be made of, with every option that it has. */
const ARGUMENTS: Readonly<Record<string, () => readonly unknown[]>> = {
  Adam: () => [ADAM],
  AdamW: () => [ADAM],
  AdaptiveAvgPool2d: () => [{ outputSize: 1 }],
  ArrayDataset: () => [SAMPLES],
  AvgPool2d: () => [{ ...POOL, countIncludePad: true }],
  BatchNorm1d: () => [{ ...NORM, momentum: 0.1 }],
  BatchNorm2d: () => [{ ...NORM, momentum: 0.1 }],
  CharacterVocabulary: () => ["abc"],
  ClassicHypergradTape: () => [
    { curvature: -1, learningRate: 0.1, shape: [2, 2], topos: undefined },
  ],
  CoherenceEngine: () => [{ dim: 2, curvature: -1, channels: 1 }],
  CoherenceScan: () => [
    {
      curvature: -1,
      memory: 1,
      temperature: 1,
      residual: 0,
      score: "power",
      selfScore: 0,
    },
  ],
  Concat: () => [[new nn.Linear(SIDES)], { axis: 0 }],
  Conv1d: () => [{ ...WINDOWS, groups: 1 }],
  Conv2d: () => [{ ...WINDOWS, groups: 1 }],
  Conv3d: () => [{ ...WINDOWS, groups: 1 }],
  ConvTranspose2d: () => [{ ...WINDOWS, groups: 1, outputPadding: 0 }],
  DataLoader: () => [
    new nn.ArrayDataset(SAMPLES),
    { batchSize: 1, shuffle: true, seed: 1, dropLast: true },
  ],
  Dropout: () => [{ probability: 0.5, seed: 1 }],
  EarlyStopping: () => [
    { patience: 1, monitor: "loss", minDelta: 0, restoreBest: true },
  ],
  Embedding: () => [{ ...TABLE, init: "zeros", seed: 1 }],
  Flatten: () => [],
  Gelu: () => [],
  GraphFunction: () => [{
    inputs: [],
    outputs: [],
    weights: new Map(),
    trace: { values: [], outputs: [] },
    lookup: () => undefined,
  }],
  GroupNorm: () => [{ ...NORM, groups: 1 }],
  Gru: () => [RECURRENT],
  HyperbolicEmbedding: () => [
    { ...TABLE, curvature: -1, margin: 1e-5, seed: 1 },
  ],
  HyperbolicLinear: () => [{ ...SIDES, curvature: -1, seed: 1 }],
  HyperbolicMlr: () => [{ features: 2, classes: 2, curvature: -1, seed: 1 }],
  InstanceNorm: () => [NORM],
  LanguageWaveEncoder: () => [
    { curvature: -1, temperature: 1, geometry: "exact", maxScalars: 9 },
  ],
  LayerNorm: () => [NORM],
  LearnableCurvature: () => [{ initial: -1 }],
  Linear: () => [{ ...SIDES, bias: true, init: "ones", seed: 1 }],
  Lion: () => [{ learningRate: 1, beta1: 0.9, beta2: 0.9, weightDecay: 0 }],
  LoraLinear: () => [new nn.Linear(SIDES), { rank: 1, alpha: 1, seed: 1 }],
  Lstm: () => [RECURRENT],
  ManifoldParameter: () => [
    ones([2]),
    new nn.PoincareBall(),
    { trainable: true, persistent: true },
  ],
  MaxPool2d: () => [{ ...POOL, dilation: 1 }],
  MaxwellBridge: () => [{
    channels: { x: { window: [{ token: 0, weight: 1 }], tags: ["y"] } },
    floor: 0,
  }],
  ModuleDiscoveryRegistry: () => [
    { builtins: nn.BUILTIN_MODULES, onChange() {}, onCreate() {} },
  ],
  ModulePipelineBuilder: () => [nn.createModuleRegistry()],
  MultiheadAttention: () => [
    { ...HEADS, keyHeads: 1, bias: true, causal: false, rotary: true },
  ],
  Muon: () => [{ learningRate: 1, momentum: 0, rounds: 1, weightDecay: 0 }],
  OpenCartesianTopos: () => [{
    curvature: -1,
    tolerance: 1e-6,
    saturation: 1,
    porosity: 0.2,
    maxDepth: 9,
    maxVolume: 99,
    nonFinite: "zero",
    guard: "on",
  }],
  Parallel: () => [[new nn.Linear(SIDES)], { merge: "concat", axis: 0 }],
  Parameter: () => [ones([2]), { trainable: true, persistent: true }],
  PoincareBall: () => [{ curvature: -1, margin: 0.1 }],
  PreDiscardJournal: () => [{ size: 1 }],
  PreDiscardPolicy: () => [
    { dominanceRatio: 0.5, energyFloor: 0, minChannels: 1 },
  ],
  PreDiscardRegulator: () => [{
    base: 0.5,
    targetPreserved: 0.5,
    targetEnergy: 0.5,
    confidence: { floor: 0.5, gain: 1 },
  }],
  ProgressBar: () => [SINK, CLOCK],
  RelationLoader: () => [
    [[0, 1]],
    { count: 3, negatives: 1, batchSize: 1, seed: 1 },
  ],
  Relu: () => [],
  Residual: () => [new nn.Linear(SIDES)],
  RiemannianAdam: () => [
    { learningRate: 1, beta1: 0, beta2: 0, epsilon: 1, amsgrad: true },
  ],
  RiemannianSgd: () => [{ learningRate: 1, momentum: 0, maxNorm: 1 }],
  RmsNorm: () => [NORM],
  RmsProp: () => [
    { learningRate: 1, decay: 0, epsilon: 1, momentum: 0, weightDecay: 0 },
  ],
  SemanticBridge: () => [[[1, 0], [0, 1]]],
  SeparableConv2d: () => [WINDOWS],
  SequenceDataset: () => [Int32Array.of(1, 2, 3), { length: 1, stride: 1 }],
  SequencerHub: () => [
    { isHeard: () => false, publish() {}, findRemoteAsker: () => undefined },
  ],
  Sequential: () => [
    [new nn.Linear(SIDES)],
    { name: "x", outputs: new Map([["y", "0"]]) },
  ],
  Sgd: () => [{ learningRate: 1, momentum: 0, weightDecay: 0 }],
  Sigmoid: () => [],
  Silu: () => [],
  SinusoidalPositions: () => [{ features: 2, base: 10 }],
  Softmax: () => [{ axis: -1 }],
  StreamLoader: () => [
    nn.indexedStream({ size: 1, sample: () => SAMPLE }),
    {
      batchSize: 1,
      shuffleBuffer: 1,
      augment: (sample: nn.Sample) => sample,
      seed: 1,
      buckets: [1],
      pad: { input: 0, target: 0 },
      dropLast: false,
      prefetch: 0,
      sampleCount: 1,
    },
  ],
  Tanh: () => [],
  TiedLinear: () => [new nn.Embedding(TABLE)],
  ToposResonator: () => [
    { features: 2, coupling: 0.1, iterations: 1, topos: undefined },
  ],
  Trainer: () => [{
    model: new nn.Linear(SIDES),
    loss: nn.mse,
    optimizer: new nn.Sgd(),
    events: undefined,
    clock: CLOCK,
    nanGuard: true,
    gradientCheckpointing: false,
  }],
  TransformerDecoderLayer: () => [{ ...HEADS, hidden: 2, dropout: 0 }],
  TransformerEncoderLayer: () => [
    { ...HEADS, hidden: 2, dropout: 0, causal: true, rotary: false },
  ],
  Unflatten: () => [{ shape: [2, 1] }],
  WaveGate: () => [{ features: 2, init: "ones", ...BEND }],
  ZSpaceCoherenceSequencer: () => [{
    dim: 2,
    heads: 1,
    curvature: -1,
    channels: 1,
    geometry: "exact",
    weights: "learned",
    pooling: "row",
    output: "raw",
    rescale: false,
    concept: "membrane",
    preDiscard: { dominanceRatio: 0.5 },
    topos: undefined,
    regulator: undefined,
    name: "x",
    hub: new nn.SequencerHub(),
  }],
  ZSpaceLayerNorm: () => [{ features: 2, curvature: -1, strength: 1 }],
  ZSpaceMixer: () => [{ features: 2 }],
  ZSpaceProjector: () => [{ strength: 1, ...BEND }],
  ZSpaceSoftmax: () => [{ curvature: -1, temperature: 1, targetEntropy: 0 }],
  ZSpaceTraceRecorder: () => [
    { capacity: 1, maxVectorLength: 1, publish: true },
  ],
};

/** What cannot be made itself, and what has its methods. */
const ABSTRACT: Readonly<Record<string, string>> = {
  AdamRule: "Adam",
  BatchNorm: "BatchNorm1d",
  Convolution: "Conv1d",
  Module: "Linear",
  Recurrent: "Gru",
  WatchedModule: "ZSpaceCoherenceSequencer",
};

const CLASSES = new Map(
  Object.entries(nn).filter(([, value]) =>
    isClass(value) && !(Object(value).prototype instanceof Error)
  ),
);

function make(name: string): object {
  const inputs = ARGUMENTS[name]!();
  return Reflect.construct(Object(CLASSES.get(name)), inputs);
}

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

/** What a class inherits methods of, as far as that is no class that is listed too. */
function prototypesOf(name: string): object[] {
  const known = new Set<object>([
    Object.prototype,
    Tensor.prototype,
    ...[...CLASSES.values()].map((each) => Object(each).prototype),
  ]);
  const found: object[] = [];
  let type: object = Object(CLASSES.get(name)).prototype;
  do {
    found.push(type);
    type = Object.getPrototypeOf(type);
  } while (!known.has(type));
  return found;
}

/** The methods of a class, each of an object of its own. */
function methodTargets(name: string): Target[] {
  const how = { make: () => make(ABSTRACT[name] ?? name), except: NOT_CALLED };
  return prototypesOf(name).flatMap((type) => methodsOf(name, type, how));
}

/** A class as a function of one of its options, for each of them. */
function optionsOf(name: string): OptionTarget[] {
  return optionTargets(
    name,
    ARGUMENTS[name]!(),
    (inputs) => Reflect.construct(Object(CLASSES.get(name)), inputs),
  );
}

Deno.test("whatever functions and classes of networks are given is taken, or refused with a code", async () => {
  const targets = [
    ...targetsOf("", nn),
    ...targetsOf("data.", data),
    ...targetsOf("PoincareBall.classic.", nn.PoincareBall.classic),
  ];
  assertEquals(await problemsOf(targets, PAIRS), []);
});

Deno.test("each class of networks is made of what is listed here", () => {
  const listed = [...Object.keys(ARGUMENTS), ...Object.keys(ABSTRACT)];
  assertEquals(listed.sort(), [...CLASSES.keys()].sort());
  for (const name of Object.keys(ARGUMENTS)) make(name);
});

Deno.test("whatever options of networks are set to is taken, or refused with a code", async () => {
  const targets = Object.keys(ARGUMENTS).flatMap(optionsOf);
  assertEquals(await problemsOf(targets, SINGLES), []);
});

Deno.test("options of networks take values of their own kind only", async () => {
  const taken: string[] = [];
  for (const name of Object.keys(ARGUMENTS)) {
    for (const { name: option, call, example } of optionsOf(name)) {
      // What is a list, an object or a function may be one of several kinds.
      if (!["boolean", "number", "string"].includes(typeof example)) continue;
      const others = SINGLES.filter(([value]) =>
        value !== undefined && typeof value !== typeof example
      );
      for (const inputs of others) {
        const isRefused = await Promise.try(call, inputs).then(
          () => false,
          () => true,
        );
        if (!isRefused) taken.push(`${option}: a ${typeof inputs[0]}`);
      }
    }
  }
  assertEquals(taken, []);
});

Deno.test("whatever methods of networks are given is taken, or refused with a code", async () => {
  const targets = [...CLASSES.keys()].flatMap(methodTargets);
  assertEquals(await problemsOf(targets, PAIRS), []);
});
