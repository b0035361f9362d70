import type {
  DescentWorkload,
  Formula,
  FormulaWorkload,
  InputSpec,
  Step,
} from "../workload.ts";

const ROW: InputSpec = { shape: [8, 512, 64], bound: 2 };

const ATTENTION: FormulaWorkload = {
  kind: "formula",
  name: "attention",
  inputs: [ROW, ROW, ROW],
  steps: [{ op: "attention", query: 0, key: 1, value: 2 }],
  repeats: 1,
  work: { kind: "flops", flops: 4 * 8 * 512 * 512 * 64 },
  goal: { floor: 30, over: { ort: 30 / 19.3, jax: 30 / 5.7 } },
};

const LAYERS = 2;
const [BATCH, LENGTH, WIDTH, HEADS] = [8, 128, 256, 4];
const TOKENS = BATCH * LENGTH;

/** Builds a formula whose inputs are found while its steps are written. */
class FormulaBuilder {
  readonly inputs: InputSpec[];
  readonly #steps: ((offset: number) => Step)[] = [];

  constructor(inputs: readonly InputSpec[]) {
    this.inputs = [...inputs];
  }

  input(...shape: number[]): number {
    const bound = shape.length > 1 ? 1 / Math.sqrt(shape[0]!) : 1;
    return this.inputs.push({ shape, bound }) - 1;
  }

  /** Adds a step; results are negative numbers until it is known how many inputs there are. */
  step(write: (value: (number: number) => number) => Step): number {
    this.#steps.push((offset) =>
      write((number) => number < 0 ? offset - 1 - number : number)
    );
    return -this.#steps.length;
  }

  /** Rows times a weight, and a bias. */
  linear(x: number, [from, to]: readonly [number, number]): number {
    const [weight, bias] = [this.input(from, to), this.input(to)];
    const product = this.step((value) => ({
      op: "matmul",
      left: value(x),
      right: weight,
    }));
    return this.add(product, bias);
  }

  add(left: number, right: number): number {
    return this.step((value) => ({
      op: "add",
      left: value(left),
      right: value(right),
    }));
  }

  norm(x: number): number {
    const [gain, bias] = [this.input(WIDTH), this.input(WIDTH)];
    return this.step((value) => ({ op: "layerNorm", x: value(x), gain, bias }));
  }

  /** Rows of all features to heads, and back. */
  reorder(x: number, shapes: readonly (readonly number[])[]): number {
    const [from, to] = shapes as [readonly number[], readonly number[]];
    const apart = this.step((value) => ({
      op: "reshape",
      x: value(x),
      shape: from,
    }));
    const moved = this.step((value) => ({
      op: "permute",
      x: value(apart),
      axes: [0, 2, 1, 3],
    }));
    return to.length === 4 ? moved : this.step((value) => ({
      op: "reshape",
      x: value(moved),
      shape: to,
    }));
  }

  build(): Formula {
    return {
      inputs: this.inputs,
      steps: this.#steps.map((write) => write(this.inputs.length)),
    };
  }
}

/** Layers that normalize first; rows of the input are tokens. */
function transformer(): Formula {
  const builder = new FormulaBuilder([{ shape: [TOKENS, WIDTH], bound: 1 }]);
  const perHead = WIDTH / HEADS;
  const apart = [BATCH, LENGTH, HEADS, perHead];
  let x = 0;
  for (let layer = 0; layer < LAYERS; layer++) {
    const normal = builder.norm(x);
    const [query, key, value] = [0, 1, 2].map(() =>
      builder.reorder(builder.linear(normal, [WIDTH, WIDTH]), [apart, apart])
    ) as [number, number, number];
    const attended = builder.step((number) => ({
      op: "attention",
      query: number(query),
      key: number(key),
      value: number(value),
    }));
    const together = builder.reorder(attended, [
      [BATCH, HEADS, LENGTH, perHead],
      [TOKENS, WIDTH],
    ]);
    x = builder.add(x, builder.linear(together, [WIDTH, WIDTH]));
    const wide = builder.linear(builder.norm(x), [WIDTH, 4 * WIDTH]);
    const active = builder.step((number) => ({ op: "gelu", x: number(wide) }));
    x = builder.add(x, builder.linear(active, [4 * WIDTH, WIDTH]));
  }
  return builder.build();
}

const FLOPS = LAYERS *
  (2 * TOKENS * 12 * WIDTH ** 2 + 4 * BATCH * LENGTH ** 2 * WIDTH);
const TRANSFORMER = transformer();

/** Attention, and a transformer around it. */
export const ATTENTION_WORKLOADS: readonly (
  | DescentWorkload
  | FormulaWorkload
)[] = [
  ATTENTION,
  {
    ...TRANSFORMER,
    kind: "formula",
    name: "transformer forward",
    repeats: 1,
    work: { kind: "time", unit: "ms", parts: 1, flops: FLOPS },
    goal: { floor: 100, over: { ort: 156 / 100, jax: 287 / 100 } },
  },
  {
    ...TRANSFORMER,
    kind: "descent",
    name: "transformer step",
    learned: TRANSFORMER.inputs.map((_, i) => i).slice(1),
    loss: "squares",
    learningRate: 0.5,
    work: { kind: "time", unit: "ms", parts: 1, flops: 3 * FLOPS },
    goal: { floor: 300, over: { jax: 571 / 300 } },
  },
];
