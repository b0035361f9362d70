import {
  type HostArray,
  isCoded,
  itemBytes,
  printable,
  sizeOf,
} from "../../../core/base/mod.ts";
import { type KernelIn, kernelTrapped, type WasmCode } from "../../ir/mod.ts";
import {
  arrayNames,
  type CodeCall,
  descriptionBytes,
  type LinkedArray,
  linkModule,
  OwnMemoryKernel,
  parseDirectModule,
  stepsOf,
  storeArray,
  storedArray,
  storedBytes,
  trapReason,
  writeDescription,
} from "../../opaque/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import { TABLE_UNIT_BITS } from "../kernel_module.ts";
import { inputSlot, OUTPUT_SLOT, SCRATCH_SLOT } from "../lanes/views.ts";
import { CALL_ELEMENTS } from "../range_code.ts";

/** What one element of an array takes, about. */
const ELEMENT_NANOSECONDS = 0.25;

/** Elements that one call computes: pages that it touches at first, it uses soon after. */
const PART_ELEMENTS = CALL_ELEMENTS / 2;

/** Builds the error for code that does not finish. */
type Fail = (reason: string, cause?: unknown) => Error;

/**
 * Prepares a kernel of foreign code.
 *
 * @param kernel The kernel.
 * @param engine Where the arrays are.
 * @returns The prepared kernel, whose launch throws `KERNEL_TRAPPED` if the code does not finish.
 */
export function opaqueKernel(
  kernel: KernelIn<WasmCode>,
  engine: Engine,
): CompiledKernel {
  const { name, code, operands, inputShapes, shape, dtype, settings } = kernel;
  const fail: Fail = (reason, cause) =>
    kernelTrapped(name, "wasm", { reason: printable(reason, 400), cause });
  const inputs = operands.map(({ dtype }, i) => ({
    dtype,
    shape: inputShapes[i]!,
  }));
  const call: CodeCall = {
    types: [...inputs, { dtype, shape }],
    settings: settings.map(([, value]) => value),
  };
  const inner = code.arrays === "imported"
    ? linkedKernel(kernel, { call, engine, fail })
    : copyingKernel(kernel, { call, engine, fail });
  return {
    scratchBytes: inner.scratchBytes,
    launch(parameters) {
      code.signal?.throwIfAborted();
      inner.launch(parameters);
    },
  };
}

interface Surroundings {
  readonly call: CodeCall;
  readonly engine: Engine;
  readonly fail: Fail;
}

/** Code that is linked to see its arrays where they are, and nothing else; its parts may share threads. */
function linkedKernel(
  { code, operands, shape, dtype }: KernelIn<WasmCode>,
  { call, engine, fail }: Surroundings,
): CompiledKernel {
  const { memory } = engine;
  const module = parseDirectModule(code.bytes, fail);
  const size = sizeOf(shape);
  if (size === 0) return { scratchBytes: 0, launch: () => {} };
  const isDescribed = module.arrays.includes("call");
  const scratchBytes = isDescribed ? descriptionBytes(call) : 0;
  const arrays = arrayNames(operands.length).map((name, i): LinkedArray => {
    const operand = operands[i - 1];
    if (name === "call") {
      return { bytes: scratchBytes, slot: SCRATCH_SLOT, skip: 0 };
    }
    return {
      bytes: storedBytes(call.types[i - 1]!),
      slot: operand ? inputSlot(i - 1) : OUTPUT_SLOT,
      skip: operand ? operand.offset * itemBytes(operand.dtype) : 0,
    };
  });
  const linked = linkModule(module, {
    memory: {
      pages: memory.pages,
      isShared: memory.isShared,
      addressBytes: memory.tables.slotBytes,
    },
    tableUnitBits: TABLE_UNIT_BITS,
    arrays: new Map(
      arrayNames(operands.length).map((name, i) => [name, arrays[i]!]),
    ),
    itemBytes: itemBytes(dtype),
    budget: stepsOf(call),
    refuse: fail,
  });
  const task = { ...engine.instantiate(linked), isForeign: true };
  const elements = call.types.reduce(
    (sum, type) => sum + sizeOf(type.shape),
    0,
  );
  const job = {
    units: size,
    grain: module.run.isPartial ? PART_ELEMENTS : size,
    nanoseconds: elements * ELEMENT_NANOSECONDS,
  };
  const addresses = call.types.map(() => 0);
  return {
    scratchBytes,
    launch(parameters) {
      if (isDescribed) {
        const at = memory.tables.read(parameters, SCRATCH_SLOT);
        const { buffer } = memory.bytes;
        writeDescription(call, { buffer, at, origin: at, arrays: addresses });
      }
      try {
        engine.run(task, { ...job, parameters });
      } catch (error) {
        throw isCoded(error)
          ? error
          : fail(trapReason(error, task.exports), error);
      }
    },
  };
}

/**
 * Code with a memory of its own, into which the inputs are copied and out of which the output: it never
 * sees the memory that all other arrays are in.
 */
function copyingKernel(
  { code, operands }: KernelIn<WasmCode>,
  { call, engine, fail }: Surroundings,
): CompiledKernel {
  const foreign = new OwnMemoryKernel(code.module, fail);
  const { tables, bytes: { buffer } } = engine.memory;
  return {
    scratchBytes: 0,
    launch(parameters) {
      const arrays = operands.map(({ dtype, offset }, i) => {
        const address = tables.read(parameters, inputSlot(i));
        const skipped = offset * itemBytes(dtype);
        return storedArray(buffer, address + skipped, call.types[i]!);
      });
      let elements: HostArray;
      try {
        elements = foreign.run(arrays, call);
      } catch (error) {
        throw isCoded(error) ? error : fail((error as Error).message, error);
      }
      const address = tables.read(parameters, OUTPUT_SLOT);
      storeArray(buffer, address, { type: call.types.at(-1)!, elements });
    },
  };
}
