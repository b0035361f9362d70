/**
 * ONNX Runtime Web: a graph of operators.
 *
 * A formula stands in its graph as often as it is dispatched, over stored inputs, and a sample reads no
 * more than the first row of the result: so what is measured are its kernels, not copies in and out. Optimizations are off for
 * that, for they would make one computation of the copies; every operator here is one kernel anyhow.
 * There is no training: one step by gradient descent is written out as a graph.
 *
 * @module
 */
import { encodeOnnx, type OnnxArray, type OnnxNode } from "../formats/onnx.ts";
import { trainingShapes } from "../inputs.ts";
import { shapesOf } from "../shapes.ts";
import type { FormulaWorkload, TrainingWorkload } from "../workload.ts";
import type { BenchBackend } from "../options.ts";
import type { Contestant, Prepared } from "./contestant.ts";
import type { LoadOptions } from "./load_options.ts";
import { packageSpecifier, PEERS } from "./names.ts";
import { constantsOf, nodesOf, wholes } from "./ort_nodes.ts";

interface OrtTensor {
  readonly data: Float32Array;
  dispose(): void;
}

type OrtTensors = Readonly<Record<string, OrtTensor>>;

interface OrtSession {
  run(feeds: OrtTensors, fetches?: readonly string[]): Promise<OrtTensors>;
  release(): Promise<void>;
}

interface OrtSessionOptions {
  readonly executionProviders: readonly BenchBackend[];
  readonly graphOptimizationLevel: "all" | "disabled";
  readonly preferredOutputLocation?: Readonly<Record<string, string>>;
  readonly extra: {
    readonly session: {
      readonly "disable_prepacking": "0" | "1";
      readonly "force_spinning_stop": "0" | "1";
    };
  };
}

interface Ort {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly InferenceSession: {
    create(model: Uint8Array, options: OrtSessionOptions): Promise<OrtSession>;
  };
  readonly Tensor: new (
    type: "float32",
    data: Float32Array,
    shape: readonly number[],
  ) => OrtTensor;
}

const ZERO: OnnxArray = {
  name: "zero",
  shape: [],
  data: BigInt64Array.of(0n),
};

/** Reads little of the result: its first row, or all there is of a scalar. */
function firstRow(shape: readonly number[]): OnnxNode {
  const outputs = ["first"];
  return shape.length === 0
    ? { type: "Identity", inputs: ["result"], outputs }
    : { type: "Gather", inputs: ["result", ZERO.name], outputs };
}

function formulaModel(
  workload: FormulaWorkload,
  elements: readonly Float32Array[],
): Uint8Array {
  const { inputs, steps, repeats } = workload;
  const nodes: OnnxNode[] = [];
  const last = inputs.length + steps.length - 1;
  const shapes = shapesOf(workload);
  for (let copy = 0; copy < repeats; copy++) {
    const name = (value: number) =>
      value < inputs.length
        ? `input ${value}`
        : value === last && copy === repeats - 1
        ? "result"
        : `value ${value} of ${copy}`;
    steps.forEach((step, i) =>
      nodes.push(...nodesOf(step, {
        output: name(inputs.length + i),
        name,
        shapes,
      }))
    );
  }
  const shape = shapes.at(-1)!;
  nodes.push(firstRow(shape));
  return encodeOnnx({
    inputs: [],
    outputs: [
      { name: "result", shape },
      { name: "first", shape: shape.slice(1) },
    ],
    constants: [
      ...inputs.map(({ shape }, i) => ({
        name: `input ${i}`,
        shape,
        data: elements[i]!,
      })),
      ...constantsOf(steps),
      ...shape.length > 0 ? [ZERO] : [],
    ],
    nodes,
  });
}

function sessionOptions(backend: BenchBackend): OrtSessionOptions {
  return {
    executionProviders: [backend],
    graphOptimizationLevel: "disabled",
    extra: {
      session: {
        // Operands that happen to be stored here are packed in the call, as everybody's are.
        "disable_prepacking": "1",
        // Its threads leave the cores to whose turn is next.
        "force_spinning_stop": "1",
      },
    },
  };
}

/** A model whose only use is that it is small. */
const NOTHING = encodeOnnx({
  inputs: [{ name: "x", shape: [1] }],
  outputs: [{ name: "y", shape: [1] }],
  constants: [],
  nodes: [{ type: "Relu", inputs: ["x"], outputs: ["y"] }],
});

async function prepareFormula(
  ort: Ort,
  workload: FormulaWorkload,
  { elements, backend }: Preparation,
): Promise<Prepared> {
  const model = formulaModel(workload, elements);
  const options = sessionOptions(backend);
  const session = await ort.InferenceSession.create(model, options);
  return {
    async run() {
      await session.run({}, ["first"]);
    },
    read: async () => (await session.run({}, ["result"]))["result"]!.data,
    [Symbol.dispose]: () => void session.release(),
  };
}

/** What a workload is prepared with. */
interface Preparation {
  readonly elements: readonly Float32Array[];
  readonly backend: BenchBackend;
}

/** Forward, backward and update, by hand. */
class StepWriter {
  readonly nodes: OnnxNode[] = [];
  readonly #workload: TrainingWorkload;

  constructor(workload: TrainingWorkload) {
    this.#workload = workload;
  }

  node(
    type: string,
    inputs: readonly string[],
    { output, attributes }: {
      readonly output: string;
      readonly attributes?: OnnxNode["attributes"];
    },
  ): string {
    this.nodes.push({
      type,
      inputs,
      outputs: [output],
      ...attributes && { attributes },
    });
    return output;
  }

  write(): OnnxNode[] {
    const layers = this.#workload.features.length - 1;
    const activations = ["x"];
    for (let i = 0; i < layers; i++) {
      const isLast = i === layers - 1;
      const sum = this.node(
        "Gemm",
        [activations[i]!, `weight ${i}`, `bias ${i}`],
        { output: isLast ? "logits" : `sum ${i}` },
      );
      if (isLast) break;
      activations.push(this.node("Relu", [sum], { output: `active ${i}` }));
    }
    let slope = this.loss();
    for (let i = layers - 1; i >= 0; i--) {
      const below = i > 0 ? this.below(i, slope) : "";
      this.update(i, activations[i]!, slope);
      slope = below;
    }
    return this.nodes;
  }

  /** The loss, and its slope by the logits. */
  loss(): string {
    const axis = { axis: { int: -1 } };
    this.node("LogSoftmax", ["logits"], { output: "logs", attributes: axis });
    this.node("Mul", ["logs", "targets"], { output: "picked" });
    this.node("ReduceSum", ["picked"], {
      output: "total",
      attributes: { keepdims: { int: 0 } },
    });
    this.node("Mul", ["total", "minus share"], { output: "loss" });
    this.node("Softmax", ["logits"], { output: "shares", attributes: axis });
    this.node("Sub", ["shares", "targets"], { output: "excess" });
    return this.node("Mul", ["excess", "share"], { output: "logits slope" });
  }

  below(layer: number, slope: string): string {
    const back = this.node("Gemm", [slope, `weight ${layer}`], {
      output: `back ${layer}`,
      attributes: { transB: { int: 1 } },
    });
    const isOn = this.node("Greater", [`sum ${layer - 1}`, "zero"], {
      output: `on ${layer}`,
    });
    return this.node("Where", [isOn, back, "zero"], {
      output: `slope ${layer - 1}`,
    });
  }

  /** A product that starts from the weight is slope and update in one. */
  update(layer: number, input: string, slope: string): void {
    this.node("Gemm", [input, slope, `weight ${layer}`], {
      output: `new weight ${layer}`,
      attributes: {
        alpha: { float: -this.#workload.learningRate },
        transA: { int: 1 },
      },
    });
    this.node("ReduceSum", [slope, "first axis"], {
      output: `bias slope ${layer}`,
      attributes: { keepdims: { int: 0 } },
    });
    this.node("Mul", [`bias slope ${layer}`, "minus rate"], {
      output: `bias step ${layer}`,
    });
    this.node("Add", [`bias ${layer}`, `bias step ${layer}`], {
      output: `new bias ${layer}`,
    });
  }
}

function trainingNames({ features }: TrainingWorkload): string[] {
  const layers = features.slice(1).flatMap((_, i) => [
    `weight ${i}`,
    `bias ${i}`,
  ]);
  return ["x", "targets", ...layers];
}

function trainingModel(workload: TrainingWorkload): Uint8Array {
  const shapes = trainingShapes(workload);
  const names = trainingNames(workload);
  const numbers = {
    "share": 1 / workload.batch,
    "minus share": -1 / workload.batch,
    "minus rate": -workload.learningRate,
    "zero": 0,
  };
  return encodeOnnx({
    inputs: names.map((name, i) => ({ name, shape: shapes[i]! })),
    outputs: [
      { name: "loss", shape: [] },
      ...names.slice(2).map((name, i) => ({
        name: `new ${name}`,
        shape: shapes[i + 2]!,
      })),
    ],
    constants: [
      ...Object.entries(numbers).map(([name, value]) => ({
        name,
        shape: [],
        data: Float32Array.of(value),
      })),
      wholes("first axis", [0]),
    ],
    nodes: new StepWriter(workload).write(),
  });
}

async function prepareTraining(
  ort: Ort,
  workload: TrainingWorkload,
  { elements, backend }: Preparation,
): Promise<Prepared> {
  const names = trainingNames(workload);
  const results = names.slice(2).map((name) => `new ${name}`);
  const session = await ort.InferenceSession.create(trainingModel(workload), {
    ...sessionOptions(backend),
    graphOptimizationLevel: "all",
    // What the next step starts from stays where it is.
    ...backend === "webgpu" && {
      preferredOutputLocation: Object.fromEntries([
        ["loss", "cpu"],
        ...results.map((name) => [name, "gpu-buffer"]),
      ]),
    },
  });
  const shapes = trainingShapes(workload);
  const feeds: Record<string, OrtTensor> = {};
  names.forEach((name, i) => {
    feeds[name] = new ort.Tensor("float32", elements[i]!, shapes[i]!);
  });
  let loss: OrtTensor | undefined;
  return {
    async run() {
      const results = await session.run(feeds);
      loss = results["loss"];
      for (const name of names.slice(2)) feeds[name] = results[`new ${name}`]!;
    },
    read: () => loss!.data,
    [Symbol.dispose]: () => void session.release(),
  };
}

/** The program of its threads, a file of the package. */
const THREAD_PROGRAM = "./ort-wasm-simd-threaded.mjs";

/**
 * Loads ONNX Runtime Web.
 *
 * @param options What computes, and on how many threads.
 * @returns The contestant.
 */
export async function loadOrt(
  { backend, threads }: LoadOptions,
): Promise<Contestant> {
  const specifier = `${packageSpecifier("ort", "onnxruntime-web")}/${backend}`;
  const ort: Ort = await import(specifier);
  ort.env.wasm.numThreads = threads;
  // The first session replaces the global Worker by one that knows no URLs, which others need. It
  // imports the program of its threads from a blob, as Deno does not.
  const { Worker } = globalThis;
  const { createObjectURL } = URL;
  const program = new URL(THREAD_PROGRAM, import.meta.resolve(specifier)).href;
  if (threads > 1) URL.createObjectURL = () => program;
  const options = sessionOptions(backend);
  await (await ort.InferenceSession.create(NOTHING, options)).release();
  URL.createObjectURL = createObjectURL;
  globalThis.Worker = Worker;
  return {
    versions: PEERS.ort.packages,
    refuses(workload) {
      if (workload.kind === "descent") return "it does not train";
      return workload.kind === "training" && workload.optimizer === "adam"
        ? "it does not train; only gradient descent is written out for it"
        : undefined;
    },
    prepare(workload, inputs) {
      switch (workload.kind) {
        case "formula":
          return prepareFormula(ort, workload, { elements: inputs, backend });
        case "training":
          return prepareTraining(ort, workload, { elements: inputs, backend });
        case "descent":
          throw new TypeError("No training");
        default:
          return workload satisfies never;
      }
    },
  };
}
