import { isCoded, itemBytes, sizeOf } from "../../../core/base/mod.ts";
import type {
  Backend,
  BufferSpec,
  DeviceBuffer,
  Executable,
  Program,
  Step,
} from "../../backend.ts";
import { outputShape } from "../../ir/mod.ts";

/** Runs of which the shortest counts; the first is not among them. */
const RUNS = 3;

/**
 * Makes a program of one step alone.
 *
 * @param program The program that it is part of.
 * @param step The step, which writes over nothing that it reads.
 * @returns The program, which has no temporaries.
 */
export function aloneIn(
  { inputs, outputs, temporaries }: Program,
  { kernel, inputs: read }: Step,
): Program {
  const supplied = [...inputs, ...outputs];
  const numbers = [...new Set(read)];
  const specs = numbers.map((number): BufferSpec => {
    if (number < supplied.length) return supplied[number]!;
    const { dtype } = kernel.operands[read.indexOf(number)]!;
    const bytes = temporaries[number - supplied.length]!;
    return { dtype, size: Math.floor(bytes / itemBytes(dtype)) };
  });
  const output = { dtype: kernel.dtype, size: sizeOf(outputShape(kernel)) };
  return {
    inputs: specs,
    outputs: [output],
    temporaries: [],
    steps: [{
      kernel,
      inputs: read.map((number) => numbers.indexOf(number)),
      output: specs.length,
    }],
  };
}

/**
 * Measures a program of one step, on arrays that hold anything.
 *
 * @param program The program.
 * @param options Where arrays come from, and what makes the program ready.
 * @returns Milliseconds; none where there is no room to try it.
 */
export async function measureStep(
  program: Program,
  { backend, bind }: {
    readonly backend: Pick<Backend, "allocate" | "free">;
    readonly bind: (program: Program) => Executable;
  },
): Promise<number | undefined> {
  const buffers: DeviceBuffer[] = [];
  try {
    for (const spec of [...program.inputs, ...program.outputs]) {
      buffers.push(backend.allocate(spec));
    }
    using executable = bind(program);
    const [inputs, outputs] = [buffers.slice(0, -1), buffers.slice(-1)];
    await executable.run(inputs, outputs);
    let shortest = Infinity;
    for (let run = 0; run < RUNS; run++) {
      const [timeMs] = await executable.runTimed!(inputs, outputs);
      shortest = Math.min(shortest, timeMs!);
    }
    return shortest;
  } catch (error) {
    // A program that has just enough room runs untried.
    if (isCoded(error) && error.code === "OUT_OF_MEMORY") return undefined;
    throw error;
  } finally {
    for (const buffer of buffers) backend.free(buffer);
  }
}
