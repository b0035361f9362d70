import {
  type RandomKey,
  shapeMismatch,
  splitKey,
} from "../../core/base/mod.ts";
import { concat, optionsOf, stack, type Tensor, zeros } from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertCount, assertNumber } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import { assertText } from "../check/assert_text.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { type Seed, seedKey } from "../seed.ts";
import { COUNT_SCHEMA } from "./convolution.ts";
import { Dropout } from "./dropout.ts";
import { uniformParameter } from "./uniform_parameter.ts";

/** Settings of a recurrent layer in a config. */
export interface RecurrentConfig {
  /** How many features each place has. */
  readonly inputSize: number;
  /** How many features the state has. */
  readonly hiddenSize: number;
  /**
   * How many layers lie on each other.
   *
   * @default {1}
   */
  readonly layers?: number;
  /**
   * Whether each layer also reads from the end, which doubles the features of its results.
   *
   * @default {false}
   */
  readonly bidirectional?: boolean;
  /**
   * Whether something is added to each gate.
   *
   * @default {true}
   */
  readonly bias?: boolean;
  /**
   * How likely an element is left out in training, between layers.
   *
   * @default {0}
   */
  readonly dropout?: number;
}

/** Options of the recurrent layers. */
export interface RecurrentOptions extends RecurrentConfig {
  /**
   * What the first weights depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/** What a recurrent layer has read so far: `[layers × directions, batch, hiddenSize]` each. */
export interface RecurrentState {
  /** What the results were last. */
  readonly hidden: Tensor;
  /** What an Lstm keeps besides. */
  readonly cell?: Tensor;
}

/** What comes of reading. */
export interface RecurrentResult extends RecurrentState {
  /** The results at each place, `[batch, places, hiddenSize × directions]`. */
  readonly output: Tensor;
}

/** What definitions of recurrent layers have in common. */
export const RECURRENT_PARTS: Pick<
  ModuleDefinition<RecurrentConfig>,
  "category" | "config" | "inferShape"
> = {
  category: "Layer",
  config: {
    type: "object",
    properties: {
      inputSize: COUNT_SCHEMA,
      hiddenSize: COUNT_SCHEMA,
      layers: { type: "integer", minimum: 1, maximum: 1000, default: 1 },
      bidirectional: { type: "boolean", default: false },
      bias: { type: "boolean", default: true },
      dropout: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0 },
    },
    required: ["inputSize", "hiddenSize"],
  },
  inferShape({ inputSize, hiddenSize, bidirectional = false }, [x]) {
    const [batch, places, features] = x!;
    return x!.length === 3 && features === inputSize
      ? [batch!, places!, hiddenSize * (bidirectional ? 2 : 1)]
      : { wanted: `[batch, places, ${inputSize}]` };
  },
};

/** What tells recurrent layers apart. */
export interface RecurrentVariant {
  /** Name of the layer, for errors. */
  readonly name: string;
  /** How many gates there are. */
  readonly gates: number;
  /** What is kept from place to place, the results first. */
  readonly states: readonly (keyof RecurrentState)[];
}

/** One gate's share of the features that a step gives. */
export type Gates = readonly Tensor[];

/** Parameters of one layer in one direction. */
interface Direction {
  readonly inputWeight: Parameter;
  readonly hiddenWeight: Parameter;
  readonly inputBias: Parameter | undefined;
  readonly hiddenBias: Parameter | undefined;
}

/**
 * What recurrent layers have in common: layers on each other that read places in order, or from both
 * ends, and gates. Parameters have PyTorch's names and layout: `weight_ih_l0`, `weight_hh_l0_reverse`.
 *
 * **Shapes**: `x [batch, places, inputSize] -> y [batch, places, hiddenSize × directions]`.
 *
 * **Numerics**: weights and biases start uniform between `±1 / √hiddenSize`.
 *
 * **Cost**: one product of matrices for all places, and one for each; the graph has some twenty operators
 * a place.
 */
export abstract class Recurrent extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<RecurrentConfig>;
  /** Between layers. */
  readonly dropouts: readonly Dropout[];
  readonly #parameters = new Map<string, Parameter>();
  readonly #directions: Direction[] = [];
  readonly #variant: RecurrentVariant;

  /**
   * Constructs a new instance.
   *
   * @param options Sizes, layers, directions, dropout and seed.
   * @param variant What tells the layer apart from others.
   * @throws {OptionError} `INVALID_OPTION` if a number is not what it must be.
   */
  constructor(options: RecurrentOptions, variant: RecurrentVariant) {
    super();
    const { name } = optionsOf("Recurrent", variant);
    assertText("name of a recurrent layer", name);
    const { seed = 0, ...config } = optionsOf(name, options);
    const settings = {
      layers: 1,
      bidirectional: false,
      bias: true,
      dropout: 0,
      ...config,
    };
    const { inputSize, hiddenSize, layers, bidirectional, dropout } = settings;
    assertFlags(name, { bidirectional, bias: settings.bias });
    assertCount(`${name} inputSize`, inputSize);
    assertCount(`${name} hiddenSize`, hiddenSize);
    assertCount(`${name} layers`, layers);
    assertNumber(`${name} dropout`, dropout, { min: 0, below: 1 });
    this.settings = settings;
    this.#variant = variant;
    const key = seedKey(seed);
    const directions = bidirectional ? 2 : 1;
    for (let i = 0; i < layers * directions; i++) {
      const layer = Math.floor(i / directions);
      const suffix = `l${layer}${i % directions === 1 ? "_reverse" : ""}`;
      const features = layer === 0 ? inputSize : hiddenSize * directions;
      this.#addDirection(features, suffix, splitKey(key, i));
    }
    this.dropouts = Array.from({ length: layers - 1 }, (_, i) =>
      new Dropout({
        probability: dropout,
        seed: splitKey(key, layers * directions + i),
      }));
  }

  /**
   * Lists the parameters.
   *
   * @returns The parameters by PyTorch's names.
   */
  override ownParameters(): Map<string, Parameter> {
    return new Map(this.#parameters);
  }

  /**
   * Describes the results at each place.
   *
   * @param x The places, `[batch, places, inputSize]`.
   * @returns The results, `[batch, places, hiddenSize × directions]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the shape is another.
   */
  override forward(x: Tensor): Tensor {
    return this.read(x).output;
  }

  /**
   * Describes the results at each place, and the state after the last.
   *
   * @param x The places, `[batch, places, inputSize]`.
   * @param start The state before the first; zeros if left out.
   * @returns Results and state.
   * @throws {ShapeError} `SHAPE_MISMATCH` if a shape is another.
   */
  read(x: Tensor, start?: RecurrentState): RecurrentResult {
    assertTensor(this.#variant.name, x);
    const { inputSize, hiddenSize, bidirectional } = this.settings;
    if (x.rank !== 3 || x.shape[2] !== inputSize || x.shape[1] === 0) {
      throw shapeMismatch(this.#variant.name, x.shape, [inputSize], {
        rule: "it must be [batch, places, inputSize]",
      });
    }
    const directions = bidirectional ? 2 : 1;
    const shape = [this.#directions.length, x.shape[0]!, hiddenSize];
    const states = this.#startOf(start, shape);
    const ends: (readonly Tensor[])[] = [];
    let value = x;
    for (let first = 0; first < this.#directions.length; first += directions) {
      if (first > 0) {
        value = this.dropouts[first / directions - 1]!.forward(value);
      }
      const read = this.#directions.slice(first, first + directions).map((
        _,
        i,
      ) =>
        this.#readDirection(value, first + i, {
          states: states.map((state) => state.select(first + i)),
          isReverse: i === 1,
        })
      );
      ends.push(...read.map(({ end }) => end));
      value = concat(read.map(({ output }) => output), 2);
    }
    const [hidden, cell] = states.map((_, i) =>
      stack(ends.map((end) => end[i]!), 0)
    );
    return { output: value, hidden: hidden!, ...cell && { cell } };
  }

  /**
   * Describes one step.
   *
   * @param input What each gate is given by the place, `[batch, hiddenSize]`.
   * @param hidden What each gate is given by the results before.
   * @param states What was kept, the results first.
   * @returns What is kept, the results first.
   */
  protected abstract step(
    input: Gates,
    hidden: Gates,
    states: readonly Tensor[],
  ): readonly Tensor[];

  /** What reading starts from, the results first. */
  #startOf(
    start: RecurrentState | undefined,
    shape: readonly number[],
  ): readonly Tensor[] {
    const { name, states } = this.#variant;
    const given = start && optionsOf(`the state of ${name}`, start);
    return states.map((state) =>
      stateOrZeros(`${name} ${state}`, given?.[state], shape)
    );
  }

  #readDirection(
    x: Tensor,
    place: number,
    { states, isReverse }: {
      readonly states: readonly Tensor[];
      readonly isReverse: boolean;
    },
  ): { readonly output: Tensor; readonly end: readonly Tensor[] } {
    const { inputWeight, hiddenWeight, inputBias, hiddenBias } = this
      .#directions[place]!;
    const inputs = affine(x, inputWeight, inputBias);
    const places = x.shape[1]!;
    const outputs: Tensor[] = [];
    const { gates } = this.#variant;
    let kept = states;
    for (let i = 0; i < places; i++) {
      const at = isReverse ? places - 1 - i : i;
      const hidden = affine(kept[0]!, hiddenWeight, hiddenBias);
      const input = inputs.select(at, 1).split(gates, 1);
      kept = this.step(input, hidden.split(gates, 1), kept);
      outputs[at] = kept[0]!;
    }
    return { output: stack(outputs, 1), end: kept };
  }

  #addDirection(features: number, suffix: string, key: RandomKey): void {
    const { hiddenSize, bias } = this.settings;
    const rows = this.#variant.gates * hiddenSize;
    const shapes = [
      ["weight_ih", [rows, features]],
      ["weight_hh", [rows, hiddenSize]],
      ["bias_ih", [rows]],
      ["bias_hh", [rows]],
    ] as const;
    const [inputWeight, hiddenWeight, inputBias, hiddenBias] = shapes.map(
      ([name, shape], i) => {
        if (shape.length === 1 && !bias) return undefined;
        const parameter = uniformParameter(shape, {
          bound: 1 / Math.sqrt(hiddenSize),
          key: splitKey(key, i),
        });
        this.#parameters.set(`${name}_${suffix}`, parameter);
        return parameter;
      },
    );
    this.#directions.push({
      inputWeight: inputWeight!,
      hiddenWeight: hiddenWeight!,
      inputBias,
      hiddenBias,
    });
  }
}

/** Zeros where no state is given, or one of the shape that it must have. */
function stateOrZeros(
  name: string,
  state: Tensor | undefined,
  shape: readonly number[],
): Tensor {
  if (state === undefined) return zeros(shape);
  assertTensor(name, state);
  if (state.shape.join() === shape.join()) return state;
  throw shapeMismatch(name, state.shape, shape, {
    rule: "a state must be [layers × directions, batch, hiddenSize]",
  });
}

function affine(
  x: Tensor,
  weight: Parameter,
  bias: Parameter | undefined,
): Tensor {
  const y = x.matmul(weight.transpose());
  return bias ? y.add(bias) : y;
}
