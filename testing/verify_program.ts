import { assertInvariant, itemBytes, sizeOf } from "../core/base/mod.ts";
import { mayOverwrite, outputShape } from "../kernels/ir/mod.ts";
import { verifyKernel } from "../kernels/ir/verify_kernel.ts";
import type { BufferSpec, Program, Step } from "../kernels/mod.ts";

/**
 * Checks that a program is well formed: every kernel is; every buffer is written before it is read,
 * holds what its reader expects and is large enough; no launch writes over what it still reads; an
 * input keeps its dtype and size, and every output is written.
 *
 * **Cost**: O(launches × operands).
 *
 * @param program The program.
 * @throws {InvariantError} If it is not.
 */
export function verifyProgram(program: Program): void {
  const { inputs, outputs, steps } = program;
  const first = inputs.length + outputs.length;
  /** What each buffer holds; outputs and temporaries hold nothing at first. */
  const held = new Map<number, BufferSpec>(inputs.entries());
  for (const step of steps) {
    verifyReads(step, held);
    const { kernel: { dtype }, output } = step;
    const written = { dtype, size: sizeOf(outputShape(step.kernel)) };
    if (output >= first) {
      const bytes = program.temporaries[output - first];
      assertInvariant(
        bytes !== undefined && written.size * itemBytes(dtype) <= bytes,
        "a temporary is as large as every value that it holds",
      );
    } else {
      const wanted = [...inputs, ...outputs][output]!;
      assertInvariant(
        wanted.dtype === dtype && wanted.size === written.size,
        "an input or output is written with its dtype and size",
      );
    }
    held.set(output, written);
  }
  assertInvariant(
    outputs.every((_, i) => held.has(inputs.length + i)),
    "every output is written",
  );
}

function verifyReads(
  { kernel, inputs, output }: Step,
  held: ReadonlyMap<number, BufferSpec>,
): void {
  const specs = inputs.map((buffer) => held.get(buffer));
  assertInvariant(
    specs.every((spec, i) => spec?.dtype === kernel.operands[i]?.dtype),
    "an operand is written before it is read, with the dtype that is read",
  );
  assertInvariant(
    inputs.every((input, i) => input !== output || mayOverwrite(kernel, i)),
    "a launch writes over what it reads element by element only",
  );
  verifyKernel(kernel, specs.map((spec) => spec!.size));
}
