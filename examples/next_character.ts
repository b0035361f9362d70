import {
  compile,
  type Compiled,
  type Module,
  type Tensor,
  tensor,
  TransformerEncoderLayer,
} from "@spiraltorch/spiraltorch";
import type { AttentionCache } from "@spiraltorch/spiraltorch/nn";

/**
 * Reads characters and says how likely each is to come next. What blocks of attention know of the
 * characters read so far is kept, so that a further one costs one place and not all of them again.
 */
export class NextCharacter implements Disposable {
  /** How many characters can be read. */
  readonly capacity: number;
  readonly #blocks: readonly TransformerEncoderLayer[];
  readonly #step: Compiled<readonly Tensor[]>;
  #kept: readonly Tensor[] = [];
  #length = 0;

  /**
   * @param model Modules one after another, whose blocks turn keys by their places: nothing else of it
   * looks at other places.
   * @param options How many characters it can read, and below 1 what makes likely ones likelier.
   */
  constructor(
    model: Module,
    { capacity, temperature = 1 }: {
      readonly capacity: number;
      readonly temperature?: number;
    },
  ) {
    this.capacity = capacity;
    const modules = [...model.children().values()];
    this.#blocks = modules.filter((module) =>
      module instanceof TransformerEncoderLayer
    );
    this.#step = compile((x, ...kept) => {
      const { output, caches } = passNext(modules, x!, cachesOf(kept));
      const last = output.slice([null, [-1]]).mul(1 / temperature);
      return [last.softmax(-1).reshape([-1]), ...caches.flatMap(tensorsOf)];
    });
    this.forget();
  }

  /** How many characters were read. */
  get length(): number {
    return this.#length;
  }

  /** Forgets what was read. */
  forget(): void {
    this.#keep(
      this.#blocks.flatMap(({ attention }) =>
        tensorsOf(attention.cache(1, this.capacity))
      ),
    );
    this.#length = 0;
  }

  /**
   * Reads further characters.
   *
   * @param numbers Their numbers, at most as many as there is room for.
   * @returns How likely each character is to come next.
   */
  async read(numbers: readonly number[]): Promise<ArrayLike<number>> {
    using x = tensor(Int32Array.from(numbers), { shape: [1, numbers.length] });
    const [chances, ...kept] = await this.#step(x, ...this.#kept);
    this.#keep(kept);
    this.#length += numbers.length;
    using read = chances!;
    return await read.data();
  }

  [Symbol.dispose](): void {
    this.#keep([]);
    this.#step[Symbol.dispose]();
  }

  #keep(tensors: readonly Tensor[]): void {
    for (const old of this.#kept) old.dispose();
    this.#kept = tensors;
  }
}

/** Passes further places through modules, of which some know the places before. */
function passNext(
  modules: readonly Module[],
  x: Tensor,
  before: readonly AttentionCache[],
): { readonly output: Tensor; readonly caches: readonly AttentionCache[] } {
  const caches: AttentionCache[] = [];
  let output = x;
  for (const module of modules) {
    if (!(module instanceof TransformerEncoderLayer)) {
      output = module.forward(output);
      continue;
    }
    const next = module.encodeNext(output, before[caches.length]!);
    output = next.output;
    caches.push(next.cache);
  }
  return { output, caches };
}

function tensorsOf({ key, value, length }: AttentionCache): readonly Tensor[] {
  return [key, value, length];
}

function cachesOf(tensors: readonly Tensor[]): readonly AttentionCache[] {
  return Array.from({ length: tensors.length / 3 }, (_, i) => {
    const [key, value, length] = tensors.slice(3 * i, 3 * i + 3);
    return { key: key!, value: value!, length: length! };
  });
}
