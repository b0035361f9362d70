/**
 * Calls on the host amid what programs compute: what comes before them is computed, their inputs are
 * read, and what they give is there for what comes after.
 *
 * @module
 */
import type {
  Backend,
  DeviceBuffer,
  Executable,
  Program,
} from "../../kernels/mod.ts";
import type { Node, PlaceholderNode } from "../graph/node.ts";
import { Storage } from "../storage.ts";
import type { HostCall } from "./lower.ts";
import { runHostKernel } from "./run_host_kernel.ts";

/** A call on the host, and what has to be computed for it. */
export interface Pause {
  /** The call. */
  readonly hostCall: HostCall;
  /** For each input of the call, the number of its buffer: an input of the program, or an output. */
  readonly operands: readonly number[];
  /** What computes those of them that are not there; after them, what is kept. */
  readonly program: Program;
  /** Data and placeholders, in the order of the program's inputs. */
  readonly inputs: readonly Node[];
  /** What stands later for values that were computed on the way: the last outputs of the program. */
  readonly kept: readonly PlaceholderNode[];
}

/** What a pause is run with. */
export interface PauseRun {
  /** Where the program runs. */
  readonly backend: Backend;
  /** The program, compiled. */
  readonly executable: Executable;
  /** The buffers for its inputs. */
  readonly inputs: readonly DeviceBuffer[];
}

/**
 * Lists what stands for the values that a pause gives.
 *
 * @param pause The pause.
 * @returns What stands for the result of the call, then for what is kept.
 */
export function givenBy({ hostCall, kept }: Pause): readonly PlaceholderNode[] {
  return [hostCall.result, ...kept];
}

/**
 * Computes up to a call on the host, and the call.
 *
 * @param pause The call.
 * @param run Where, and with what.
 * @returns The values that it gives, which belong to the caller.
 * @throws {TensorError} `KERNEL_FAILED` or `OPERATOR_INFER_MISMATCH` if the kernel does not compute it.
 */
export async function passPause(
  { hostCall, operands, program, kept }: Pause,
  { backend, executable, inputs }: PauseRun,
): Promise<Storage[]> {
  const outputs: DeviceBuffer[] = [];
  const first = program.outputs.length - kept.length;
  try {
    for (const spec of program.outputs) outputs.push(backend.allocate(spec));
    if (program.steps.length > 0) await executable.run(inputs, outputs);
    const buffers = [...inputs, ...outputs];
    const elements = await Promise.all(
      operands.map((number) => backend.read(buffers[number]!)),
    );
    const { call, operator, label } = hostCall;
    const result = await runHostKernel(call, {
      operator,
      backend: label,
      inputs: elements,
    });
    const saved = outputs.splice(first);
    return [result, ...saved.map((buffer) => new Storage({ buffer }))];
  } finally {
    for (const buffer of outputs) backend.free(buffer);
  }
}

/**
 * Tells whether a kernel that calls were to be computed by has been put out of use.
 *
 * @param pauses The calls.
 * @returns Whether they have to be planned anew.
 */
export function isPassedOver(pauses: readonly Pause[]): boolean {
  return pauses.some(({ hostCall: { operator, label } }) =>
    operator.kernels.failureOf(label) !== undefined
  );
}
