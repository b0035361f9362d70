import { assertInstance } from "../../core/base/mod.ts";
import { concat, type Tensor, tensor } from "../../ops/mod.ts";
import { assertTensors } from "../check/assert_tensor.ts";
import { Module } from "../module.ts";
import { torchEntries, type TorchEntry } from "./torch_entries.ts";

/**
 * Gives tensors of PyTorch's state dict the names and the layout that a model's have here.
 *
 * The model has to be made as the one there: with its layers in the same order and of the same names.
 * Transformer layers have their norms first (`norm_first=True`), gelu, and `batch_first=True`.
 *
 * @example Weights of a file that `safetensors.torch.save_model` wrote
 * ```ts ignore
 * const there = await loadSafetensors("model.safetensors");
 * await model.loadStateDict(fromPyTorch(model, there));
 * ```
 *
 * @example A linear layer, whose weights have the outputs first there
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fromPyTorch, Linear } from "@spiraltorch/spiraltorch/nn";
 * import { ones, tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new Linear({ inFeatures: 2, outFeatures: 1 });
 * const there = new Map([["weight", tensor([[3, 4]])], ["bias", tensor([5])]]);
 * await layer.loadStateDict(fromPyTorch(layer, there));
 * assertEquals(await layer.forward(ones([1, 2])).array(), [[12]]);
 * ```
 *
 * @param model The model.
 * @param state PyTorch's tensors by name.
 * @returns The tensors by their names here, for `Module.loadStateDict()`, which says what is missing;
 * what the model has no place for keeps its name.
 * @throws {OptionError} `INVALID_OPTION` if the one is no model, or the other no map of tensors.
 */
export function fromPyTorch(
  model: Module,
  state: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  assertInstance("model of fromPyTorch", model, Module);
  assertTensors("state of fromPyTorch", state);
  const entries = torchEntries(model);
  const known = new Set(entries.map(({ there }) => there));
  const found = new Map(
    [...state].filter(([name]) => !known.has(name)),
  );
  for (const { there, here, isTransposed } of entries) {
    const joined = state.get(there);
    if (!joined) continue;
    for (const [i, part] of partsOf(joined, here.length).entries()) {
      found.set(here[i]!, isTransposed ? turned(part) : part);
    }
  }
  return found;
}

/**
 * Gives a model's tensors the names and the layout of PyTorch's state dict.
 *
 * @example For `torch.nn.Linear`
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Linear, toPyTorch } from "@spiraltorch/spiraltorch/nn";
 *
 * const layer = new Linear({ inFeatures: 2, outFeatures: 3 });
 * assertEquals(toPyTorch(layer).get("weight")!.shape, [3, 2]);
 * ```
 *
 * @param model The model.
 * @returns Tensors by PyTorch's names, for `saveSafetensors()`.
 * @throws {OptionError} `INVALID_OPTION` if it is no model.
 */
export function toPyTorch(model: Module): Map<string, Tensor> {
  assertInstance("model of toPyTorch", model, Module);
  const state = model.stateDict();
  return new Map(
    torchEntries(model).flatMap((entry): [string, Tensor][] => {
      const value = joinedOf(entry, state);
      return value ? [[entry.there, value]] : [];
    }),
  );
}

/** An entry's tensor; nothing if it is of a parameter that stands elsewhere too, or is not kept. */
function joinedOf(
  { here, isTransposed }: TorchEntry,
  state: ReadonlyMap<string, Tensor>,
): Tensor | undefined {
  // How many batches were seen: nothing depends on it.
  if (here.length === 0) return tensor(Int32Array.of(0), { shape: [] });
  const parts = here.map((name) => state.get(name));
  if (!parts.every((part) => part !== undefined)) return undefined;
  const laid = isTransposed ? parts.map(turned) : parts;
  return laid.length === 1 ? laid[0] : concat(laid, 0);
}

/** Equal parts along the first axis; one part that fits nowhere if there are none such. */
function partsOf(joined: Tensor, count: number): readonly Tensor[] {
  const isDivisible = joined.rank > 0 && joined.shape[0]! % count === 0;
  if (count === 0) return [];
  return count > 1 && isDivisible ? joined.split(count, 0) : [joined];
}

function turned(x: Tensor): Tensor {
  return x.rank === 2 ? x.permute([1, 0]) : x;
}
