/**
 * LiteRT.js: models of TensorFlow Lite by XNNPACK with relaxed SIMD, in one thread. It was written for
 * pages, so what it expects of one is given to it. No training.
 *
 * @module
 */
import { createRequire } from "node:module";
import { encodeTflite, type FlatBuilder } from "../formats/tflite.ts";
import {
  channelsLast,
  channelsSecond,
  permute,
  readerOf,
  rolesOf,
  type Shaped,
} from "../layout.ts";
import { shapesOf } from "../shapes.ts";
import type { Formula, FormulaWorkload } from "../workload.ts";
import type { Contestant, Prepared } from "./contestant.ts";
import { LitertGraph } from "./litert_graph.ts";
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
    refuses: ({ kind }) =>
      kind === "training" || kind === "descent"
        ? "it does not train"
        : undefined,
    async prepare(workload, inputs) {
      if (workload.kind !== "formula") throw new TypeError("No training");
      const arrays = inputs.map((data, i) =>
        arrange(workload, { shape: workload.inputs[i]!.shape, data }, i)
      );
      const roles = rolesOf(workload);
      // Its convolutions are quick only if they know their filters beforehand.
      const supplied = arrays.map((_, i) => i)
        .filter((i) => roles[i] !== "filter");
      const graph = new LitertGraph(
        arrays.map(({ shape, data }, i) =>
          roles[i] === "filter" ? { shape, data } : { shape }
        ),
      );
      const shapes = shapesOf(workload);
      workload.steps.forEach((step, i) =>
        graph.write(step, shapes[workload.inputs.length + i]!)
      );
      const bytes = encodeTflite({
        arrays: graph.arrays,
        inputs: supplied,
        output: graph.values.at(-1)!,
        nodes: graph.nodes,
      }, new Builder(1024));
      const model = await lite.loadAndCompile(bytes, { accelerator: "wasm" });
      const tensors = supplied.map((i) =>
        new lite.Tensor(arrays[i]!.data, arrays[i]!.shape)
      );
      return new PreparedModel(model, tensors, workload);
    },
  };
}

/** Puts channels last, and the filters of images where they are wanted. */
function arrange(formula: Formula, array: Shaped, input: number): Shaped {
  const role = rolesOf(formula)[input]!;
  if (role === "image") return channelsLast(array);
  if (role === "other") return array;
  const isDepthwise = readerOf(formula, input).groups > 1;
  return permute(array, isDepthwise ? [1, 2, 3, 0] : [0, 2, 3, 1]);
}

class PreparedModel implements Prepared {
  readonly #model: LiteModel;
  readonly #inputs: readonly LiteTensor[];
  readonly #workload: FormulaWorkload;
  #result: LiteTensor | undefined;

  constructor(
    model: LiteModel,
    inputs: readonly LiteTensor[],
    workload: FormulaWorkload,
  ) {
    this.#model = model;
    this.#inputs = inputs;
    this.#workload = workload;
  }

  async run(): Promise<void> {
    for (let i = 0; i < this.#workload.repeats; i++) {
      this.#result?.delete();
      [this.#result] = await this.#model.run(this.#inputs);
    }
  }

  read(): Float32Array {
    return channelsSecond(this.#workload, this.#result!.toTypedArray());
  }

  [Symbol.dispose](): void {
    this.#result?.delete();
    for (const tensor of this.#inputs) tensor.delete();
    this.#model.delete();
  }
}
