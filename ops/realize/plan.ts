import { assertInvariant, sizeOf, valueDType } from "../../core/base/mod.ts";
import type { BufferSpec, Program, Step } from "../../kernels/mod.ts";
import type { Node } from "../graph/node.ts";
import { lower } from "./lower.ts";
import { planMemory } from "./plan_memory.ts";
import { schedule } from "./schedule.ts";

/** What has to be done to compute some nodes. */
export interface Plan {
  /** The launches, in the terms of a backend; one output for each node that was wanted. */
  readonly program: Program;
  /** Data and placeholders, in the order of the program's inputs. */
  readonly inputs: readonly Node[];
}

/**
 * Plans how to compute some nodes.
 *
 * @param wanted The nodes.
 * @returns The plan; it holds no memory.
 */
export function makePlan(wanted: readonly Node[]): Plan {
  const roots = lower(wanted);
  const kernels = schedule(roots);
  const inputs = [
    ...new Set([...kernels.flatMap(({ inputs }) => inputs), ...roots]
      .filter(isLeaf)),
  ];
  const computed = new Set(roots.filter((root) => !isLeaf(root)));
  const memory = planMemory(kernels, computed);
  const numbers = new Map<Node, number>();
  inputs.forEach((node, i) => numbers.set(node, i));
  const copies: Step[] = [];
  roots.forEach((root, i) => {
    const output = inputs.length + i;
    const known = numbers.get(root);
    // Two nodes of one meaning are one value, and data is a value already; but whoever asked for a
    // node may do with it what they like, so each gets its own.
    if (known === undefined) numbers.set(root, output);
    else copies.push(copyStep(root, known, output));
  });
  const first = inputs.length + roots.length;
  for (const [node, place] of memory.places) numbers.set(node, first + place);
  const steps = kernels.map(({ kernel, inputs, output }) => ({
    kernel,
    inputs: inputs.map((node) => numberOf(node, numbers)),
    output: numberOf(output, numbers),
  }));
  return {
    program: {
      inputs: inputs.map(specOf),
      outputs: roots.map(specOf),
      temporaries: memory.temporaries,
      steps: [...steps, ...copies],
    },
    inputs,
  };
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
