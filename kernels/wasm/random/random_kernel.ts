import { sizeOf } from "../../../core/base/mod.ts";
import type { RandomKernel } from "../../ir/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import { inputSlot, OUTPUT_SLOT, SCRATCH_SLOT } from "../lanes/views.ts";
import { CALL_ELEMENTS } from "../range_code.ts";
import {
  RANDOM_WORD,
  randomBytes,
  randomTask,
  UNIT_ELEMENTS,
} from "./random_module.ts";

/** What one element takes, about, in nanoseconds. */
const ELEMENT_NANOSECONDS = { uniform: 2, normal: 4 } as const;

/**
 * Prepares a kernel that draws random numbers. The code is that of all draws; what is its own are some
 * words of memory.
 *
 * @param kernel The kernel.
 * @param engine What runs the code.
 * @returns The prepared kernel.
 */
export function randomKernel(
  { distribution, key, shape, operands }: RandomKernel,
  engine: Engine,
): CompiledKernel {
  const size = sizeOf(shape);
  const [number] = operands;
  if (size === 0) return { scratchBytes: 0, launch: () => {} };
  const units = Math.ceil(size / UNIT_ELEMENTS);
  const grain = CALL_ELEMENTS / UNIT_ELEMENTS;
  const nanoseconds = size * ELEMENT_NANOSECONDS[distribution];
  const task = randomTask(distribution, engine);
  return {
    scratchBytes: randomBytes(engine.memory.tables.slotBytes),
    launch(parameters) {
      const { tables, int32 } = engine.memory;
      const scratch = tables.read(parameters, SCRATCH_SLOT);
      const target = tables.read(parameters, OUTPUT_SLOT);
      tables.write(scratch, RANDOM_WORD.target, target);
      tables.write(scratch, RANDOM_WORD.size, size);
      tables.write(scratch, RANDOM_WORD.key0, key[0]);
      tables.write(scratch, RANDOM_WORD.key1, key[1]);
      const draw = number
        ? int32[tables.read(parameters, inputSlot(0)) / 4 + number.offset]!
        : 0;
      tables.write(scratch, RANDOM_WORD.draw, draw);
      engine.run(task, { units, grain, parameters: scratch, nanoseconds });
    },
  };
}
