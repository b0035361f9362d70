import { printKernel } from "../../kernels/ir/mod.ts";
import { makePlan } from "../realize/plan.ts";
import { type Tensor, toNodes } from "../tensor.ts";
import { kernelCost } from "./kernel_cost.ts";

/**
 * Writes down how tensors would be computed, and computes nothing: each kernel with its work, the
 * buffers it reads and writes, and what it computes, one instruction a line.
 *
 * @example Two calls are one kernel
 * ```ts
 * import { assert } from "@std/assert";
 * import { ones, printSchedule } from "@spiraltorch/spiraltorch/ops";
 *
 * const text = printSchedule([ones([4]).exp().add(1)]);
 * assert(text.startsWith("1 kernel, 0 inputs, 1 output, 0 bytes of temporaries"));
 * ```
 *
 * @param tensors The tensors.
 * @returns The text.
 */
export function printSchedule(tensors: readonly Tensor[]): string {
  const { program: { inputs, outputs, temporaries, steps } } = makePlan(
    toNodes("printSchedule", tensors),
  );
  const first = inputs.length + outputs.length;
  const nameOf = (buffer: number) =>
    buffer < inputs.length
      ? `input ${buffer}`
      : buffer < first
      ? `output ${buffer - inputs.length}`
      : `temporary ${buffer - first}`;
  const bytes = temporaries.reduce((sum, size) => sum + size, 0);
  const lines = [
    `${count(steps.length, "kernel")}, ${count(inputs.length, "input")}, ${
      count(outputs.length, "output")
    }, ${bytes} bytes of temporaries`,
  ];
  steps.forEach(({ kernel, inputs, output }, i) => {
    const { flops, bytesRead, bytesWritten } = kernelCost(kernel);
    const reads = inputs.map(nameOf).join(", ") || "nothing";
    lines.push(
      `#${i}  ${reads} -> ${
        nameOf(output)
      }  ${flops} FLOP  ${bytesRead} bytes read, ${bytesWritten} written`,
      ...printKernel(kernel).split("\n").map((line) => `    ${line}`),
    );
  });
  return lines.join("\n");
}

function count(amount: number, thing: string): string {
  return `${amount} ${thing}${amount === 1 ? "" : "s"}`;
}
