import { assert, assertEquals, assertThrows } from "@std/assert";
import { InvariantError } from "../../../core/base/mod.ts";
import type { FunctionBuilder } from "./function_builder.ts";
import type { Signature } from "./function_types.ts";
import { ModuleBuilder, PAGE_BYTES } from "./module_builder.ts";
import {
  LANE_LOADS,
  LANE_STORES,
  LANES,
  LOADS,
  type Opcode,
  PLAIN,
  STORES,
  typeAt,
  type ValueType,
} from "./opcodes.ts";

/** Instantiates a module with one page of memory and one exported function. */
function instantiate(
  signature: Signature,
  write: (f: FunctionBuilder) => void,
): { run: (...values: number[]) => number; memory: WebAssembly.Memory } {
  const builder = new ModuleBuilder();
  builder.importMemory(["host", "memory"], 1);
  builder.export("run", builder.define(signature, write));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const module = new WebAssembly.Module(builder.build());
  const instance = new WebAssembly.Instance(module, { host: { memory } });
  return {
    run: instance.exports.run as (...values: number[]) => number,
    memory,
  };
}

/** Whether the engine accepts one instruction between operands of its types. */
function accepts(
  [, takes, gives]: Opcode,
  write: (f: FunctionBuilder) => void,
): boolean {
  const builder = new ModuleBuilder();
  builder.importMemory(["host", "memory"], 1);
  builder.define(
    { parameters: typesOf(takes), results: typesOf(gives) },
    write,
  );
  return WebAssembly.validate(builder.build());
}

function typesOf(letters: string): ValueType[] {
  return [...letters].map((_, i) => typeAt(letters, i)!);
}

function parametersOf(f: FunctionBuilder, [, takes]: Opcode) {
  return typesOf(takes).map((_, i) => f.parameter(i));
}

Deno.test.each(Object.keys(PLAIN).map((name) => ({ name })))(
  "opcodes: $name is an instruction of its types",
  ({ name }) => {
    const known = name as keyof typeof PLAIN;
    const opcode = PLAIN[known];
    assert(accepts(opcode, (f) => {
      f.result(f.op(known, ...parametersOf(f, opcode)));
    }));
  },
);

Deno.test("opcodes: instructions that use memory or lanes have their types", () => {
  for (const [name, opcode] of Object.entries(LOADS)) {
    const known = name as keyof typeof LOADS;
    assert(
      accepts(opcode, (f) => f.result(f.load(known, f.parameter(0), 4))),
      name,
    );
  }
  for (const [name, opcode] of Object.entries(STORES)) {
    const known = name as keyof typeof STORES;
    assert(
      accepts(opcode, (f) => f.store(known, f.parameter(0), f.parameter(1))),
      name,
    );
  }
  for (const [name, opcode] of Object.entries(LANE_LOADS)) {
    const known = name as keyof typeof LANE_LOADS;
    const place = (f: FunctionBuilder) => ({
      address: f.parameter(0),
      lane: 1,
    });
    assert(
      accepts(
        opcode,
        (f) => f.result(f.loadLane(known, f.parameter(1), place(f))),
      ),
      name,
    );
  }
  for (const [name, opcode] of Object.entries(LANE_STORES)) {
    const known = name as keyof typeof LANE_STORES;
    const place = (f: FunctionBuilder) => ({
      address: f.parameter(0),
      lane: 1,
    });
    assert(
      accepts(opcode, (f) => f.storeLane(known, f.parameter(1), place(f))),
      name,
    );
  }
  for (const [name, opcode] of Object.entries(LANES)) {
    const known = name as keyof typeof LANES;
    assert(
      accepts(
        opcode,
        (f) => f.result(f.lane(known, 1, ...parametersOf(f, opcode))),
      ),
      name,
    );
  }
});

Deno.test("ModuleBuilder writes loops, branches and conditions", () => {
  // The number of Collatz steps from a number down to 1.
  const { run } = instantiate(
    { parameters: ["i32"], results: ["i32"] },
    (f) => {
      const n = f.parameter(0);
      const steps = f.variable("i32", 0);
      f.block((done) => {
        f.loop((next) => {
          f.branchIf(done, f.op("i32.eq", n, 1));
          f.if(
            f.op("i32.and", n, 1),
            () => f.copy(n, f.op("i32.add", f.op("i32.mul", n, 3), 1)),
            () => f.assign(n, "i32.shr_u", n, 1),
          );
          f.assign(steps, "i32.add", steps, 1);
          f.branch(next);
        });
      });
      f.result(steps);
    },
  );
  assertEquals([1, 2, 27].map((n) => run(n)), [0, 1, 111]);
});

Deno.test("ModuleBuilder writes vectors, constants and shuffles", () => {
  const { run, memory } = instantiate(
    { parameters: [], results: ["f32"] },
    (f) => {
      const x = f.load("v128.load", 16);
      const scaled = f.op("f32x4.mul", x, f.f32x4(10));
      const reversed = f.shuffle(scaled, f.f32x4(0.5), [3, 2, 1, 4]);
      f.store("v128.store", 32, reversed);
      f.result(f.lane("f32x4.extract_lane", 0, reversed));
    },
  );
  const floats = new Float32Array(memory.buffer);
  floats.set([1, 2, 3, 4], 4);
  assertEquals(run(), 40);
  assertEquals([...floats.subarray(8, 12)], [40, 30, 20, 0.5]);
});

Deno.test("ModuleBuilder numbers imported functions before its own", () => {
  const builder = new ModuleBuilder();
  const double = builder.importFunction(["host", "double"], {
    parameters: ["i32"],
    results: ["i32"],
  });
  const inner = builder.define(
    { parameters: ["i32"], results: ["i32"] },
    (f) => f.result(f.op("i32.add", f.call(double, f.parameter(0)), 1)),
  );
  const outer = builder.define(
    { parameters: [], results: ["i32"] },
    (f) => f.result(f.call(inner, 20)),
  );
  builder.export("run", outer);
  const instance = new WebAssembly.Instance(
    new WebAssembly.Module(builder.build()),
    { host: { double: (n: number) => 2 * n } },
  );
  assertEquals((instance.exports.run as () => number)(), 41);
  assertThrows(
    () =>
      builder.importFunction(["host", "late"], { parameters: [], results: [] }),
    InvariantError,
    "imported functions are numbered before others",
  );
});

Deno.test("FunctionBuilder.scoped() uses variables again, but not those in use", () => {
  const { run } = instantiate(
    { parameters: ["i32"], results: ["i32"] },
    (f) => {
      const kept = f.op("i32.add", f.parameter(0), 1);
      const indices = new Set<number>();
      for (let i = 0; i < 3; i++) {
        f.scoped(() => {
          const first = f.op("i32.mul", kept, 2);
          f.scoped(() => {
            indices.add(f.variable("i32", 99).index);
          });
          indices.add(first.index);
          f.copy(kept, first);
        });
      }
      assertEquals(indices.size, 2);
      f.result(kept);
    },
  );
  assertEquals(run(1), 16);
});

Deno.test.each([
  {
    name: "a wrong operand",
    write: (f: FunctionBuilder) =>
      f.op("f32x4.add", f.f32x4(1), f.parameter(0)),
    claim: "an instruction has operands of its types",
  },
  {
    name: "a missing operand",
    write: (f: FunctionBuilder) => f.op("i32.add", f.parameter(0)),
    claim: "an instruction has all its operands",
  },
  {
    name: "a number where a vector belongs",
    write: (f: FunctionBuilder) => f.op("v128.not", 1),
    claim: "a number in the code is whole or an f32",
  },
  {
    name: "a value of another type",
    write: (f: FunctionBuilder) =>
      f.assign(f.parameter(0), "f32x4.neg", f.f32x4(1)),
    claim: "a variable is given a value of its type",
  },
  {
    name: "a call with too few operands",
    write: (f: FunctionBuilder) =>
      f.run({ index: 0, parameters: ["i32"], results: [] }),
    claim: "a call has all its operands",
  },
  {
    name: "the value of a call that gives none",
    write: (f: FunctionBuilder) =>
      f.call({ index: 0, parameters: [], results: [] }),
    claim: "a call that is used gives a value",
  },
  {
    name: "half a vector",
    write: (f: FunctionBuilder) => f.v128(new Uint8Array(8)),
    claim: "a vector has sixteen bytes",
  },
  {
    name: "a parameter that is not there",
    write: (f: FunctionBuilder) => f.parameter(1),
    claim: "a function has the parameter",
  },
])("FunctionBuilder refuses $name", ({ write, claim }) => {
  const builder = new ModuleBuilder();
  assertThrows(
    () =>
      builder.define(
        { parameters: ["i32"], results: [] },
        (f) => void write(f),
      ),
    InvariantError,
    claim,
  );
});

Deno.test("FunctionBuilder.fill() fills memory", () => {
  const { run, memory } = instantiate(
    { parameters: ["i32", "i32"], results: [] },
    (f) => f.fill(f.parameter(0), 7, f.parameter(1)),
  );
  run(10, 3);
  const bytes = new Uint8Array(memory.buffer);
  assertEquals([...bytes.subarray(9, 14)], [0, 7, 7, 7, 0]);
  assertEquals(memory.buffer.byteLength, PAGE_BYTES);
});
