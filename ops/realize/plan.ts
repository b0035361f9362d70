import { assertInvariant, sizeOf, valueDType } from "../../core/base/mod.ts";
import type { BufferSpec, Program, Step } from "../../kernels/mod.ts";
import type { BackendFallback } from "../dispatch/fallbacks.ts";
import type { HostOperator, Node } from "../graph/node.ts";
import { quietly } from "../observe_calls.ts";
import { lowerGuarded, type LowerOptions } from "./lower.ts";
import type { Pause } from "./pause.ts";
import type { Storage } from "../storage.ts";
import { planMemory } from "./plan_memory.ts";
import { planUpdates } from "./plan_updates.ts";
import { schedule } from "./schedule.ts";
import { type Section, splitAtCalls } from "./split_at_calls.ts";

/** What has to be done to compute some nodes. */
export interface Plan {
  /** The launches, in the terms of a backend. */
  readonly program: Program;
  /** Data and placeholders, in the order of the program's inputs. */
  readonly inputs: readonly Node[];
  /**
   * Numbers of the buffers that hold the nodes that were wanted: an output of its own for each that is
   * not written over an input.
   */
  readonly results: readonly number[];
  /**
   * Labels of the guards that must hold. Where there are any, the program's last output is what tells,
   * which nobody asked for.
   */
  readonly guards: readonly string[];
  /**
   * What comes before the program, in order: calls that are computed on the host. What stands for their
   * results is among the inputs.
   */
  readonly pauses: readonly Pause[];
  /** Operators whose own code takes part. */
  readonly foreign: readonly HostOperator[];
  /** What is computed by something other than what was wanted. */
  readonly fallbacks: readonly BackendFallback[];
}

/** Options of {@linkcode makePlan}. */
export interface PlanOptions extends LowerOptions {
  /**
   * For each node, elements that its value is to replace. It is written over them where nothing is
   * lost by it, and nothing has to be waited for on the way.
   *
   * @default {[]}
   */
  readonly updates?: readonly (Storage | undefined)[];
}

/**
 * Plans how to compute some nodes.
 *
 * @param wanted The nodes.
 * @param options What may be written over.
 * @returns The plan; it holds no memory.
 */
export function makePlan(
  wanted: readonly Node[],
  options: PlanOptions = {},
): Plan {
  return quietly(() => plan(wanted, options));
}

function plan(
  wanted: readonly Node[],
  { updates = [], ...options }: PlanOptions,
): Plan {
  const { roots, guards, hostCalls, foreign, fallbacks } = lowerGuarded(
    wanted,
    options,
  );
  const split = splitAtCalls(roots, hostCalls);
  const pauses = split.sections.map(pauseFor);
  const { program, inputs, results } = programFor(split.roots, {
    updates: pauses.length > 0 ? [] : updates,
  });
  return {
    program,
    inputs,
    results: results.slice(0, wanted.length),
    guards: guards.map(({ label }) => label),
    pauses,
    foreign,
    fallbacks,
  };
}

/** What computes a section: its operands, as far as they are not there, and what is saved. */
function pauseFor({ hostCall, operands, saved, kept }: Section): Pause {
  const computed = [...new Set(operands)].filter((node) => !isLeaf(node));
  const leaves = operands.filter(isLeaf);
  const { program, inputs } = programFor([...computed, ...saved], { leaves });
  return {
    hostCall,
    operands: operands.map((node) =>
      isLeaf(node) ? inputs.indexOf(node) : inputs.length +
        computed.indexOf(node)
    ),
    program,
    inputs,
    kept,
  };
}

/** The program that computes some nodes, which are lowered. */
function programFor(
  roots: readonly Node[],
  { updates = [], leaves = [] }: Pick<PlanOptions, "updates"> & {
    /** What is there, and needed beside the program. */
    readonly leaves?: readonly Node[];
  },
): Pick<Plan, "program" | "inputs" | "results"> {
  const { kernels, overwritten } = planUpdates(schedule(roots), updates, roots);
  const inputs = [
    ...new Set([
      ...[...kernels.flatMap(({ inputs }) => inputs), ...roots].filter(isLeaf),
      ...leaves,
    ]),
  ];
  const computed = new Set(roots.filter((root) => !isLeaf(root)));
  const memory = planMemory(kernels, computed);
  const numbers = new Map<Node, number>();
  inputs.forEach((node, i) => numbers.set(node, i));
  for (const [root, { leaf }] of overwritten) {
    numbers.set(root, numberOf(leaf, numbers));
  }
  const copies: Step[] = [];
  const outputs: BufferSpec[] = [];
  const results = roots.map((root, i) => {
    const known = numbers.get(root);
    if (overwritten.get(root)?.index === i) return known!;
    const output = inputs.length + outputs.push(specOf(root)) - 1;
    // Two nodes of one meaning are one value, and data is a value already; but whoever asked for a
    // node may do with it what they like, so each gets its own.
    if (known === undefined) numbers.set(root, output);
    else copies.push(copyStep(root, known, output));
    return output;
  });
  const first = inputs.length + outputs.length;
  for (const [node, place] of memory.places) numbers.set(node, first + place);
  const steps = kernels.map(({ kernel, inputs, output }) => ({
    kernel,
    inputs: inputs.map((node) => numberOf(node, numbers)),
    output: numberOf(output, numbers),
  }));
  const program = {
    inputs: inputs.map(specOf),
    outputs,
    temporaries: memory.temporaries,
    steps: [...steps, ...copies],
  };
  return { program, inputs, results };
}

/** A launch that copies one buffer to another. */
function copyStep({ type }: Node, from: number, to: number): Step {
  const { dtype } = type;
  return {
    kernel: {
      kind: "map",
      shape: [sizeOf(type.shape)],
      operands: [{ dtype, strides: [1], offset: 0 }],
      body: [{ kind: "load", operand: 0, dtype: valueDType(dtype) }],
      dtype,
    },
    inputs: [from],
    output: to,
  };
}

function isLeaf(node: Node): boolean {
  return node.kind === "data" || node.kind === "placeholder";
}

function specOf({ type: { dtype, shape } }: Node): BufferSpec {
  return { dtype, size: sizeOf(shape) };
}

function numberOf(node: Node, numbers: ReadonlyMap<Node, number>): number {
  const number = numbers.get(node);
  assertInvariant(number !== undefined, "every operand has a buffer");
  return number;
}
