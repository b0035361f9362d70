/**
 * How a primitive call is computed for many examples at once, which lie along axis 0, by how it becomes
 * part of a kernel.
 *
 * **Source**: Bradbury et al., JAX (2018), whose `vmap` has a rule for each primitive.
 *
 * @module
 */
import { assertInvariant } from "../../core/base/mod.ts";
import type { AttentionRole, CombineFn, ScanFn } from "../../kernels/ir/mod.ts";
import { apply } from "../apply.ts";
import { BUILTIN_OPERATORS } from "../builtin/all.ts";
import { assemble } from "../builtin/assemble.ts";
import { stack } from "../builtin/concat.ts";
import { gather } from "../builtin/gather.ts";
import { reduce, type ReduceName } from "../builtin/reduce.ts";
import { reshape } from "../builtin/reshape.ts";
import { scan, type ScanName } from "../builtin/scan.ts";
import { scatterAdd } from "../builtin/scatter_add.ts";
import { select } from "../builtin/select.ts";
import { argsort, argTopK, sort } from "../builtin/sort.ts";
import {
  type AssembleLayout,
  constant,
  type Lowering,
  type Node,
  type Operator,
  type ScanDescription,
  type SortDescription,
} from "../graph/node.ts";
import {
  alignedInput,
  type BatchCall,
  batchShape,
  exampleInput,
  wholeInput,
} from "./batch_call.ts";
import { batchContract, batchConvolution } from "./contract_rules.ts";
import { batchView } from "./view_rule.ts";

const REDUCTIONS: Readonly<Record<CombineFn, ReduceName>> = {
  add: "sum",
  and: "all",
  maximum: "max",
  minimum: "min",
  mul: "prod",
  or: "any",
};

const SCANS: Readonly<Record<ScanFn, ScanName>> = {
  add: "cumsum",
  maximum: "cummax",
  minimum: "cummin",
  mul: "cumprod",
};

/**
 * Tells whether a primitive call can only be repeated for one example after another: random numbers,
 * whose kernels know one draw, and operators that are not built in where nothing says what they do with
 * more axes.
 *
 * @param operator The operator.
 * @param kind How it becomes part of a kernel.
 * @returns Whether there is no rule for it.
 */
export function isLooped(operator: Operator, kind: Lowering["kind"]): boolean {
  if (kind === "random") return true;
  const knowsAxes = kind === "attention" || kind === "scatterMax";
  return knowsAxes && BUILTIN_OPERATORS.get(operator.name) !== operator;
}

/**
 * Computes a primitive call for all examples at once.
 *
 * @param call The call for one example.
 * @returns The results, along axis 0.
 */
export function batchPrimitive(call: BatchCall): Node {
  const { node, example } = call;
  const { operator, attributes } = node;
  assertInvariant(operator.kind === "primitive", "composites have parts");
  const { lowering } = operator;
  assertInvariant(lowering.kind !== "iota", "what has no inputs is shared");
  if (isLooped(operator, lowering.kind)) return repeatCall(call);
  switch (lowering.kind) {
    case "elementwise":
    case "rowProgram": {
      // What lies in front of a place, or of a matrix, broadcasts.
      const rank = node.type.shape.length;
      const inputs = node.inputs.map((_, i) => alignedInput(call, i, rank));
      return apply(operator, inputs, attributes);
    }
    case "view":
      return batchView(call, lowering.step(example));
    case "reduce":
      return batchReduce(call, lowering);
    case "contract":
      return batchContract(call);
    case "convolution":
      return batchConvolution(call, lowering.axes(example));
    case "gather": {
      const axis = lowering.axis(example) + 1;
      return gather(wholeInput(call, 0), wholeInput(call, 1), axis);
    }
    case "scatter":
      return batchScatter(call, lowering.axis(example));
    case "scatterMax":
      return apply(operator, wholeInputs(call), attributes);
    case "assemble":
      return batchAssemble(call, lowering.layout(example));
    case "scan":
      return batchScan(call, lowering.describe(example));
    case "sort":
      return batchSort(call, lowering.describe(example));
    case "attention":
      return batchAttention(call, lowering.role);
    case "random":
    case "opaque":
      return repeatCall(call);
    default:
      return lowering satisfies never;
  }
}

function wholeInputs(call: BatchCall): readonly Node[] {
  return call.node.inputs.map((_, place) => wholeInput(call, place));
}

function batchReduce(
  call: BatchCall,
  { combine, axes }: Extract<Lowering, { kind: "reduce" }>,
): Node {
  const combined = reduce(REDUCTIONS[combine], wholeInput(call, 0), {
    axes: axes(call.example).map((axis) => axis + 1),
    keepDims: false,
  });
  return reshape(combined, batchShape(call, call.node.type.shape));
}

function batchScatter(call: BatchCall, axis: number): Node {
  const size = call.node.type.shape[axis]!;
  const along = { axis: axis + 1, size };
  return scatterAdd(wholeInput(call, 0), wholeInput(call, 1), along);
}

function batchAssemble(
  call: BatchCall,
  { value, places }: AssembleLayout,
): Node {
  return assemble(wholeInputs(call), {
    shape: batchShape(call, call.node.type.shape),
    offsets: places.map(({ offset }) => [0, ...offset]),
    steps: places.map(({ steps }) => [1, ...steps]),
    value,
  });
}

function batchScan(
  call: BatchCall,
  { axis, combine, isReverse, isExclusive }: ScanDescription,
): Node {
  return scan(SCANS[combine], wholeInput(call, 0), {
    axis: axis + 1,
    reverse: isReverse,
    exclusive: isExclusive,
  });
}

function batchSort(
  call: BatchCall,
  { axis: along, isDescending, result }: SortDescription,
): Node {
  const x = wholeInput(call, 0);
  const order = { axis: along + 1, descending: isDescending };
  if (result === "values") return sort(x, order);
  const k = call.node.type.shape[along]!;
  return k === exampleInput(call, 0).type.shape[along]
    ? argsort(x, order)
    : argTopK(x, { axis: along + 1, k, largest: isDescending });
}

/** How many axes behind those of the batch the inputs of attention have, by what is computed. */
const ATTENTION_AXES: Readonly<Record<AttentionRole, readonly number[]>> = {
  gradients: [2, 2, 2, 2, 1, 1, 2],
  logSumExp: [2, 2, 2],
  output: [2, 2, 2, 2],
};

/** Leading axes broadcast, the one of the examples too; not that of a mask, so the queries have it. */
function batchAttention(call: BatchCall, role: AttentionRole): Node {
  const { operator, attributes, type, inputs: { length } } = call.node;
  const leading = type.shape.length - (role === "output" ? 2 : 1);
  const all = { ...call, batched: call.batched.with(0, wholeInput(call, 0)) };
  const inputs = Array.from(
    { length },
    (_, i) => alignedInput(all, i, leading + ATTENTION_AXES[role][i]!),
  );
  return apply(operator, inputs, attributes);
}

/**
 * Computes a call for one example after another, and puts the results side by side.
 *
 * @param call The call for one example.
 * @returns The results, along axis 0.
 */
export function repeatCall(call: BatchCall): Node {
  const { node, batched, size } = call;
  const { operator, inputs, attributes, type } = node;
  if (size === 0) {
    return constant(0, { ...type, shape: batchShape(call, type.shape) });
  }
  const results = Array.from({ length: size }, (_, index) =>
    apply(
      operator,
      inputs.map((input, i) => {
        const all = batched[i];
        return all ? select(all, 0, index) : input;
      }),
      attributes,
    ));
  return stack(results, 0);
}
