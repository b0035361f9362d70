/**
 * LiteRT.js: models of TensorFlow Lite by XNNPACK with relaxed SIMD, in one thread. It was written for
 * pages, so what it expects of one is given to it. No training.
 *
 * @module
 */
import { createRequire } from "node:module";
import {
  encodeTflite,
  type FlatBuilder,
  type TfliteArray,
  type TfliteNode,
  type TfliteOptions,
} from "../formats/tflite.ts";
import { shapesOf } from "../shapes.ts";
import type { FormulaWorkload, Step, Workload } from "../workload.ts";
import type { Contestant, Prepared } from "./contestant.ts";
import { packageSpecifier, PEERS } from "./names.ts";

interface LiteTensor {
  toTypedArray(): Float32Array;
  delete(): void;
}

interface LiteModel {
  run(inputs: readonly LiteTensor[]): Promise<readonly LiteTensor[]>;
  delete(): void;
}

interface LiteRt {
  loadLiteRt(folder: string): Promise<unknown>;
  loadAndCompile(
    model: Uint8Array,
    options: { readonly accelerator: "wasm" },
  ): Promise<LiteModel>;
  readonly Tensor: new (
    data: Float32Array,
    shape: readonly number[],
  ) => LiteTensor;
}

interface FlatBuffers {
  readonly Builder: new (bytes: number) => FlatBuilder;
}

/** Numbers of the schema. */
const SIMPLE: Readonly<
  Record<
    Exclude<Step["op"], "layerNorm" | "sum" | "transpose">,
    { readonly code: number; readonly options?: TfliteOptions }
  >
> = {
  add: { code: 0, options: { type: 11, fields: 2 } },
  exp: { code: 47 },
  // Without options it is the exact one.
  gelu: { code: 150 },
  matmul: { code: 126, options: { type: 101, fields: 3 } },
  mul: { code: 18, options: { type: 21, fields: 1 } },
  relu: { code: 19 },
  softmax: {
    code: 25,
    options: {
      type: 9,
      fields: 1,
      write: (builder) => builder.addFieldFloat32(0, 1, 0),
    },
  },
  sub: { code: 41, options: { type: 28, fields: 2 } },
  tanh: { code: 28 },
};
const RSQRT = 76;
const TRANSPOSE = { code: 39, options: { type: 26, fields: 0 } };

function reduction(code: number, keepsAxes: boolean): {
  readonly code: number;
  readonly options: TfliteOptions;
} {
  return {
    code,
    options: {
      type: 27,
      fields: 1,
      write: (builder) => builder.addFieldInt8(0, Number(keepsAxes), 0),
    },
  };
}

/** Turns the steps of a formula into nodes. */
class GraphWriter {
  readonly arrays: TfliteArray[];
  readonly nodes: TfliteNode[] = [];
  /** The array that holds each value of the formula. */
  readonly values: number[];

  constructor({ inputs }: FormulaWorkload) {
    this.arrays = inputs.map(({ shape }) => ({ shape }));
    this.values = inputs.map((_, i) => i);
  }

  constant(data: Float32Array | Int32Array, shape = [data.length]): number {
    return this.arrays.push({ shape, data }) - 1;
  }

  node(
    call: { readonly code: number; readonly options?: TfliteOptions },
    inputs: readonly number[],
    shape: readonly number[],
  ): number {
    const output = this.arrays.push({ shape }) - 1;
    this.nodes.push({ ...call, inputs, output });
    return output;
  }

  write(step: Step, shape: readonly number[]): void {
    const { values } = this;
    switch (step.op) {
      case "transpose": {
        const order = this.constant(Int32Array.of(1, 0));
        values.push(this.node(TRANSPOSE, [values[step.x]!, order], shape));
        break;
      }
      case "sum": {
        const axes = this.constant(Int32Array.from(step.axes));
        values.push(
          this.node(reduction(74, false), [values[step.x]!, axes], shape),
        );
        break;
      }
      case "layerNorm":
        values.push(this.layerNorm(step, shape));
        break;
      default: {
        const inputs = "x" in step ? [step.x] : [step.left, step.right];
        values.push(
          this.node(SIMPLE[step.op], inputs.map((i) => values[i]!), shape),
        );
      }
    }
  }

  /** There is no such operator: what converters make of it. */
  layerNorm(
    { x, gain, bias }: Step & { readonly op: "layerNorm" },
    shape: readonly number[],
  ): number {
    const { values } = this;
    const { add, mul, sub } = SIMPLE;
    const one = [...shape.slice(0, -1), 1];
    const axis = this.constant(Int32Array.of(shape.length - 1));
    const epsilon = this.constant(Float32Array.of(1e-5), []);
    const mean = this.node(reduction(40, true), [values[x]!, axis], one);
    const centered = this.node(sub, [values[x]!, mean], shape);
    const squared = this.node(mul, [centered, centered], shape);
    const variance = this.node(reduction(40, true), [squared, axis], one);
    const shifted = this.node(add, [variance, epsilon], one);
    const scale = this.node({ code: RSQRT }, [shifted], one);
    const normal = this.node(mul, [centered, scale], shape);
    const scaled = this.node(mul, [normal, values[gain]!], shape);
    return this.node(add, [scaled, values[bias]!], shape);
  }
}

/** What the runtime asks of a page: to run a script that leaves a factory behind. */
function pretendToBePage(entry: string): void {
  const require = createRequire(entry);
  // It would ask for a GPU, and for one that is slow in software.
  Deno.env.set("DENO_WEBGPU_BACKEND", "");
  const quiet = () => {};
  Object.assign(globalThis, {
    Module: { print: quiet, printErr: quiet },
    importScripts(url: string) {
      const file = new URL(url).pathname;
      const load = new Function(
        "require",
        "__filename",
        "__dirname",
        `${Deno.readTextFileSync(file)}\nreturn ModuleFactory;`,
      );
      const folder = file.slice(0, file.lastIndexOf("/"));
      Object.assign(globalThis, {
        ModuleFactory: load(require, file, folder),
      });
    },
  });
}

/**
 * Loads LiteRT.js.
 *
 * @returns The contestant.
 */
export async function loadLitert(): Promise<Contestant> {
  const core = packageSpecifier("litert", "@litertjs/core");
  const lite: LiteRt = await import(core);
  const { Builder }: FlatBuffers = await import(
    packageSpecifier("litert", "flatbuffers")
  );
  // Where a package lies is known once it has been imported.
  const entry = import.meta.resolve(core);
  pretendToBePage(entry);
  const { warn } = console;
  // deno-lint-ignore no-console -- it warns that there is no GPU
  console.warn = () => {};
  await lite.loadLiteRt(new URL("../wasm/", entry).href);
  // deno-lint-ignore no-console -- as it was
  console.warn = warn;
  return {
    versions: PEERS.litert.packages,
    refuses: ({ kind }: Workload) =>
      kind === "training" ? "it does not train" : undefined,
    async prepare(workload, inputs) {
      if (workload.kind === "training") throw new TypeError("No training");
      const writer = new GraphWriter(workload);
      const shapes = shapesOf(workload);
      workload.steps.forEach((step, i) =>
        writer.write(step, shapes[workload.inputs.length + i]!)
      );
      const bytes = encodeTflite({
        arrays: writer.arrays,
        inputs: workload.inputs.map((_, i) => i),
        output: writer.values.at(-1)!,
        nodes: writer.nodes,
      }, new Builder(1024));
      const model = await lite.loadAndCompile(bytes, { accelerator: "wasm" });
      const tensors = inputs.map((data, i) =>
        new lite.Tensor(data, workload.inputs[i]!.shape)
      );
      return new PreparedModel(model, tensors, workload.repeats);
    },
  };
}

class PreparedModel implements Prepared {
  readonly #model: LiteModel;
  readonly #inputs: readonly LiteTensor[];
  readonly #repeats: number;
  #result: LiteTensor | undefined;

  constructor(
    model: LiteModel,
    inputs: readonly LiteTensor[],
    repeats: number,
  ) {
    this.#model = model;
    this.#inputs = inputs;
    this.#repeats = repeats;
  }

  async run(): Promise<void> {
    for (let i = 0; i < this.#repeats; i++) {
      this.#result?.delete();
      [this.#result] = await this.#model.run(this.#inputs);
    }
  }

  read(): Float32Array {
    return this.#result!.toTypedArray();
  }

  [Symbol.dispose](): void {
    this.#result?.delete();
    for (const tensor of this.#inputs) tensor.delete();
    this.#model.delete();
  }
}
