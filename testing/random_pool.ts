import {
  type DType,
  DTYPES,
  isFloatDType,
  isHalfDType,
  type Shape,
  sizeOf,
} from "../core/base/mod.ts";
import { type Tensor, tensor } from "../ops/mod.ts";
import { randomArray } from "./random_array.ts";

/** What the tensors of a {@linkcode Pool} may be. */
export interface PoolLimits {
  /** Whether calls give half types. */
  readonly halfArithmetic: boolean;
  /** Sizes of axes, as likely as they are listed. */
  readonly sizes: readonly number[];
  /** Elements that a tensor has at most. */
  readonly sizeMax: number;
}

/** What is stored narrowly, and computed with in wider dtypes. */
const NARROW: readonly DType[] = ["bfloat16", "float16", "int8"];

/** Axes that a tensor has at most. */
const RANK_MAX = 6;

/** Where random graphs take the inputs of their calls from: what has been made, and chance. */
export class Pool {
  /** What has been made, in order. */
  readonly tensors: Tensor[] = [];
  /** Gives a whole number from 0, below its argument. */
  readonly choose: (count: number) => number;
  readonly #limits: PoolLimits;

  /**
   * Constructs a new instance.
   *
   * @param choose Where chance comes from.
   * @param limits What the tensors may be.
   */
  constructor(choose: (count: number) => number, limits: PoolLimits) {
    this.choose = choose;
    this.#limits = limits;
  }

  /** Keeps a tensor to make others of. */
  add(x: Tensor): Tensor {
    this.tensors.push(x);
    return x;
  }

  /** Whether a tensor is small enough to be kept. */
  hasRoomFor({ size, rank }: Tensor): boolean {
    return size <= this.#limits.sizeMax && rank <= RANK_MAX;
  }

  /** One of some values. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.choose(items.length)]!;
  }

  /** A size of an axis. */
  size(): number {
    return this.pick(this.#limits.sizes);
  }

  /** A shape: of few axes mostly, now and then of many. */
  shape(): Shape {
    const rank = this.choose(6) === 0
      ? RANK_MAX - this.choose(3)
      : this.choose(4);
    const shape: number[] = [];
    for (let axis = 0; axis < rank; axis++) {
      const size = this.size();
      shape.push(sizeOf(shape) * size > this.#limits.sizeMax ? 1 : size);
    }
    return shape;
  }

  /** A new `float32` tensor with elements. */
  leaf(): Tensor {
    const shape = this.shape();
    return tensor(randomArray(sizeOf(shape), this.choose(1000)), { shape });
  }

  /** One of the tensors, if one fits. */
  find(fits: (x: Tensor) => boolean): Tensor | undefined {
    const fitting = this.tensors.filter(fits);
    return fitting.length === 0 ? undefined : this.pick(fitting);
  }

  /** One of the tensors; new ones rather than old ones, so that graphs grow deep. */
  any(): Tensor {
    const recent = this.tensors.slice(-6);
    return this.choose(3) === 0 ? this.pick(this.tensors) : this.pick(recent);
  }

  /** A new tensor of what is stored narrowly. */
  narrow(): Tensor {
    const shape = this.shape();
    const elements = randomArray(sizeOf(shape), this.choose(1000));
    const dtype = this.pick(NARROW);
    return tensor(dtype === "int8" ? elements.map(Math.round) : elements, {
      shape,
      dtype,
    });
  }

  /** A dtype to cast to. */
  dtype(): DType {
    return this.pick(
      DTYPES.filter((dtype) =>
        this.#limits.halfArithmetic || !isHalfDType(dtype)
      ),
    );
  }

  /** Numbers. */
  number(): Tensor {
    const x = this.any();
    return x.dtype === "bool"
      ? x.cast(this.pick(["int8", "int32"]))
      : this.#wide(x);
  }

  /** Fractions. */
  fraction(): Tensor {
    const x = this.any();
    if (this.#limits.halfArithmetic && this.choose(5) === 0) {
      return x.cast(this.pick(["float16", "bfloat16"]));
    }
    return isFloatDType(x.dtype) ? this.#wide(x) : x.cast("float32");
  }

  /** Fractions in `float32`. */
  float(): Tensor {
    return this.any().cast("float32");
  }

  /** Truth. */
  truth(): Tensor {
    return this.any().cast("bool");
  }

  /** A tensor that broadcasts with another: one there is, or a number. */
  beside(x: Tensor, dtype?: DType): Tensor | number {
    const found = this.find((y) =>
      (dtype === undefined || y.dtype === dtype) &&
      doBroadcast(x.shape, y.shape)
    );
    return found && this.choose(4) > 0 ? this.#wide(found) : this.choose(5) - 2;
  }

  /** An axis of a tensor, counted from either end. */
  axis(x: Tensor): number {
    return this.choose(2 * x.rank) - x.rank;
  }

  /** Whole numbers from -1. */
  integers(count: number, below: number): number[] {
    return Array.from({ length: count }, () => this.choose(below) - 1);
  }

  /** Half types as `float32`, where nothing is to be computed in them. */
  #wide(x: Tensor): Tensor {
    return isHalfDType(x.dtype) && !this.#limits.halfArithmetic
      ? x.cast("float32")
      : x;
  }
}

/**
 * Tells whether two shapes broadcast.
 *
 * @param a One shape.
 * @param b The other.
 * @returns Whether they do.
 */
export function doBroadcast(a: Shape, b: Shape): boolean {
  return a.toReversed().every((size, axis) => {
    const other = b[b.length - 1 - axis] ?? 1;
    return size === other || size === 1 || other === 1;
  });
}
