/**
 * Shape rules as data: what the shapes and dtypes of outputs are, without a function.
 *
 * A pattern names axes, `"b i, i o -> b o"`: a name stands for one size wherever it recurs, a number
 * for itself, `...` for any axes, which broadcast between inputs. Like einsum's, but of words.
 *
 * @module
 */
import {
  broadcastShapes,
  type DType,
  DTYPES,
  equalShapes,
  promoteDTypes,
  type Shape,
  toFloatDType,
} from "../../core/base/mod.ts";
import type { TensorType } from "../graph/node.ts";
import { shapeRuleBroken } from "./errors.ts";

/** Where the dtype of outputs comes from: the inputs', the fractions that hold those, or itself. */
export type DTypeRule = "promote" | "float" | DType;

/**
 * What the outputs' types are: a pattern, or a shape and a dtype by name. `same` is the shape that all
 * inputs have, `broadcast` the one that they broadcast to.
 */
export type ShapeRule = string | {
  /** `same`, `broadcast` or a pattern. */
  readonly shape: string;
  /**
   * Dtype of the outputs.
   *
   * @default {"promote"}
   */
  readonly dtype?: DTypeRule;
};

/** How many inputs and outputs a rule is for. */
export interface RuleEnds {
  /** Names of the inputs. */
  readonly inputs: readonly string[];
  /** Names of the outputs. */
  readonly outputs: readonly string[];
}

/** One axis of a pattern, or any number of them. */
type Axis = string | number;

interface Pattern {
  readonly inputs: readonly (readonly Axis[])[];
  readonly outputs: readonly (readonly Axis[])[];
}

/** What a call is called in messages, and what it is given. */
interface RuleCall {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly shapes: readonly Shape[];
}

/**
 * Finds what is wrong with a rule.
 *
 * @param rule The rule.
 * @param ends What it is for.
 * @returns What was found and what was wanted, or `undefined` if it is a rule.
 */
export function shapeRuleProblem(
  rule: ShapeRule,
  ends: RuleEnds,
): string | undefined {
  const { shape, dtype } = partsOf(rule);
  if (typeof shape !== "string") {
    return `Found ${typeof shape}, wanted "same", "broadcast" or a pattern`;
  }
  if (dtype !== "promote" && dtype !== "float" && !DTYPES.includes(dtype)) {
    return `Found dtype ${
      JSON.stringify(dtype)
    }, wanted "promote", "float" or ${
      DTYPES.map((known) => `"${known}"`).join(", ")
    }`;
  }
  if (shape === "same" || shape === "broadcast") return undefined;
  const pattern = parsePattern(shape);
  return typeof pattern === "string" ? pattern : patternProblem(pattern, ends);
}

/**
 * Makes a function of a rule that has no problem.
 *
 * @param operator Whose rule it is, for messages.
 * @param rule The rule.
 * @param ends What it is for.
 * @returns What gives one type an output. It throws `SHAPE_MISMATCH` where shapes do not fit.
 */
export function inferByRule(
  operator: string,
  rule: ShapeRule,
  { inputs, outputs }: RuleEnds,
): (types: readonly TensorType[]) => readonly TensorType[] {
  const { shape, dtype } = partsOf(rule);
  const infer = shapesOf(shape, outputs.length);
  return (types) => {
    const shapes = types.map((type) => type.shape);
    const found = outputDType(dtype, types.map((type) => type.dtype));
    return infer({ operator, inputs, shapes })
      .map((shape) => ({ dtype: found, shape }));
  };
}

function partsOf(
  rule: ShapeRule,
): { readonly shape: string; readonly dtype: DTypeRule } {
  return typeof rule === "string"
    ? { shape: rule, dtype: "promote" }
    : { shape: rule.shape, dtype: rule.dtype ?? "promote" };
}

function outputDType(rule: DTypeRule, dtypes: readonly DType[]): DType {
  if (rule !== "promote" && rule !== "float") return rule;
  // Without inputs there is nothing to promote.
  if (dtypes.length === 0) return "float32";
  const promoted = dtypes.reduce(promoteDTypes);
  return rule === "float" ? toFloatDType(promoted) : promoted;
}

function shapesOf(
  shape: string,
  outputs: number,
): (call: RuleCall) => readonly Shape[] {
  if (shape === "same" || shape === "broadcast") {
    const combine = shape === "same" ? sameShape : broadcastShape;
    return (call) => Array.from({ length: outputs }, () => combine(call));
  }
  const pattern = parsePattern(shape) as Pattern; // it has no problem
  return (call) => matchPattern(pattern, call);
}

function sameShape({ operator, inputs, shapes }: RuleCall): Shape {
  const [first = []] = shapes;
  shapes.forEach((found, i) => {
    if (equalShapes(found, first)) return;
    throw shapeRuleBroken(operator, inputs[i] ?? inputs.at(-1)!, {
      found,
      wanted: `[${first}], the shape of "${inputs[0]}"`,
    });
  });
  return first;
}

function broadcastShape({ operator, shapes }: RuleCall): Shape {
  return shapes.reduce<Shape>(
    (left, right) => broadcastShapes(operator, left, right),
    [],
  );
}

/** A pattern, or what is wrong with its text. */
function parsePattern(text: string): Pattern | string {
  const sides = text.split("->");
  if (sides.length !== 2) return `Found ${JSON.stringify(text)}, wanted one ->`;
  const [inputs, outputs] = sides.map((side) =>
    side.split(",").map((term) =>
      term.trim().split(/\s+/).filter((word) => word !== "").map((word) =>
        /^\d{1,9}$/.test(word) ? Number(word) : word
      )
    )
  ) as [Axis[][], Axis[][]];
  for (const axis of [...inputs, ...outputs].flat()) {
    if (typeof axis === "number" || /^(\.\.\.|[A-Za-z_]\w*)$/.test(axis)) {
      continue;
    }
    return `Found ${JSON.stringify(axis)}, wanted names, numbers and ...`;
  }
  return { inputs, outputs };
}

function patternProblem(
  { inputs, outputs }: Pattern,
  ends: RuleEnds,
): string | undefined {
  if (
    inputs.length !== ends.inputs.length ||
    outputs.length !== ends.outputs.length
  ) {
    return `Found ${inputs.length} -> ${outputs.length} terms, wanted ${ends.inputs.length} -> ${ends.outputs.length}`;
  }
  const known = new Set(inputs.flat());
  for (const axis of outputs.flat()) {
    if (typeof axis === "number" || known.has(axis)) continue;
    return `Found axis "${axis}" in an output, which no input has`;
  }
  const isAmbiguous = [...inputs, ...outputs].some((term) =>
    term.filter((axis) => axis === "...").length > 1
  );
  return isAmbiguous ? "Found ... twice in a term" : undefined;
}

/** Matches shapes against the terms of a pattern, and fills its outputs in. */
function matchPattern(
  { inputs, outputs }: Pattern,
  call: RuleCall,
): readonly Shape[] {
  const sizes = new Map<string, number>();
  let rest: Shape = [];
  call.shapes.forEach((shape, i) => {
    const term = inputs[i]!;
    const gap = term.indexOf("...");
    const extra = shape.length - (term.length - (gap < 0 ? 0 : 1));
    const broken = () => {
      const known = [...sizes].map(([name, size]) => `${name} is ${size}`);
      return shapeRuleBroken(call.operator, call.inputs[i]!, {
        found: shape,
        wanted: `"${term.join(" ")}"${
          known.length > 0 ? ` where ${known.join(", ")}` : ""
        }`,
      });
    };
    if (extra < 0 || (gap < 0 && extra > 0)) throw broken();
    term.forEach((axis, at) => {
      if (axis === "...") return;
      const size = shape[gap >= 0 && at > gap ? at - 1 + extra : at]!;
      const wanted = typeof axis === "number" ? axis : sizes.get(axis);
      if (wanted !== undefined && wanted !== size) throw broken();
      if (typeof axis === "string") sizes.set(axis, size);
    });
    if (gap >= 0) {
      const free = shape.slice(gap, gap + extra);
      rest = broadcastShapes(call.operator, rest, free);
    }
  });
  return outputs.map((term) =>
    term.flatMap((axis) =>
      axis === "..." ? rest : typeof axis === "number" ? axis : sizes.get(axis)!
    )
  );
}
