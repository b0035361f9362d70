/** Addresses of 64 bits, on the engine: what is written, and what is refused. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { InvariantError } from "../../../core/base/mod.ts";
import { FunctionBuilder } from "./function_builder.ts";
import { type Local, resolveType, type Signature } from "./function_types.ts";
import { ModuleBuilder } from "./module_builder.ts";
import { LOADS, ON_ADDRESSES, type PLAIN, STORES, typeAt } from "./opcodes.ts";
import {
  addAddress,
  emitLow,
  emitNear,
  loadAddress,
  loadNumber,
  storeAddress,
  storeNumber,
} from "./tables.ts";

/** Where addresses need more than 32 bits. */
const HIGH = 2n ** 32n;

/** A module with one function, over one page of memory. */
function moduleOf(
  signature: Signature,
  write: (f: FunctionBuilder) => void,
): Uint8Array<ArrayBuffer> {
  const builder = new ModuleBuilder();
  builder.importMemory(["host", "memory"], 1, { addressBytes: 8 });
  builder.export("run", builder.define(signature, write));
  return builder.build();
}

function instantiate(
  signature: Signature,
  write: (f: FunctionBuilder) => void,
): {
  run: (...values: (number | bigint)[]) => number | bigint;
  view: DataView;
} {
  const memory: WebAssembly.Memory = Reflect.construct(WebAssembly.Memory, [
    { address: "i64", initial: 1n, maximum: 1n },
  ]);
  const module = new WebAssembly.Module(moduleOf(signature, write));
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  return {
    run: exports.run as (...values: (number | bigint)[]) => number | bigint,
    view: new DataView(memory.buffer),
  };
}

/** What a function of an address, and of a number, makes of them. */
function compute(
  write: (f: FunctionBuilder, address: Local, number: Local) => Local,
  { address, number = 0, result = "address" }: {
    readonly address: bigint;
    readonly number?: number;
    readonly result?: "address" | "i32";
  },
): number | bigint {
  const signature = {
    parameters: ["address", "i32"],
    results: [result],
  } as const;
  return instantiate(
    signature,
    (f) => f.result(write(f, f.parameter(0), f.parameter(1))),
  ).run(address, number);
}

Deno.test.each(
  Object.entries(ON_ADDRESSES).map(([name, opcode]) => ({ name, opcode })),
)("opcodes: $name is an instruction on addresses", ({ name, opcode }) => {
  const known = name as keyof typeof PLAIN;
  const [, takes, gives] = opcode;
  const types = [...takes].map((_, i) => typeAt(takes, i)!);
  const signature = { parameters: types, results: [typeAt(gives, 0)!] };
  const module = moduleOf(signature, (f) => {
    // Two addresses have a difference, which is a number, and no sum.
    const operands = types.map((type, i) =>
      type === "distance" && i === 1 ? 1 : f.parameter(i)
    );
    f.result(f.op(known, ...operands));
  });
  assert(WebAssembly.validate(module));
});

Deno.test("opcodes: instructions that use memory take addresses of 64 bits", () => {
  const signature = { parameters: ["address"], results: [] } as const;
  const module = moduleOf(signature, (f) => {
    const address = f.parameter(0);
    for (const name of Object.keys(LOADS)) {
      f.load(name as keyof typeof LOADS, address, 4);
    }
    for (const [name, [, takes]] of Object.entries(STORES)) {
      const value = f.local(typeAt(takes, 1)!);
      f.store(name as keyof typeof STORES, address, value, 4);
    }
    const four = f.loadLane("v128.load32_lane", f.i32x4(0), {
      address,
      lane: 1,
    });
    f.storeLane("v128.store32_lane", four, { address, lane: 1 });
    f.fill(address, 0, f.variable("i32", 3));
    f.move(address, f.op("i32.add", address, 8), 8);
  });
  assert(WebAssembly.validate(module));
});

Deno.test("FunctionBuilder.op() keeps all bits of an address, whatever is added", () => {
  const at = { address: HIGH + 100n };
  assertEquals(
    compute((f, a, n) => f.op("i32.add", a, n), { ...at, number: -200 }),
    HIGH - 100n,
  );
  assertEquals(
    compute((f, a, n) => f.op("i32.sub", a, n), { ...at, number: 2 ** 31 - 1 }),
    HIGH + 100n - (2n ** 31n - 1n),
  );
  assertEquals(compute((f, a) => f.op("i32.add", a, -200), at), HIGH - 100n);
  assertEquals(
    compute((f, a) => f.op("i32.add", a, 2 ** 33 + 1), at),
    3n * HIGH + 101n,
  );
  assertEquals(
    compute((f, a) => {
      const cursor = f.variable("i32", a);
      f.assign(cursor, "i32.add", cursor, 4);
      return cursor;
    }, at),
    HIGH + 104n,
  );
  assertEquals(
    compute((f, a, n) => f.op("i32.select", a, 0, n), { ...at, number: 1 }),
    HIGH + 100n,
  );
});

Deno.test("FunctionBuilder.op() compares and subtracts addresses", () => {
  const options = { address: HIGH, result: "i32" } as const;
  assertEquals(compute((f, a) => f.op("i32.eqz", a), options), 0);
  assertEquals(compute((f, a) => f.op("i32.eq", a, a), options), 1);
  assertEquals(
    compute((f, a) => f.op("i32.lt_u", a, f.op("i32.add", a, 1)), options),
    1,
  );
  assertEquals(
    compute((f, a) => f.op("i32.sub", a, f.op("i32.add", a, 7)), options),
    -7,
  );
});

Deno.test("FunctionBuilder.widen() makes an address of a number of units", () => {
  const signature = { parameters: ["i32"], results: ["address"] } as const;
  const write = (f: FunctionBuilder) => {
    f.widen(0, 6);
    f.result(f.parameter(0));
  };
  const { run } = instantiate(signature, write);
  assertEquals(run(3), 192n);
  // 16 GiB less one unit, and what is negative as an i32.
  assertEquals(run(2 ** 28 - 1), 2n ** 34n - 64n);
  assertEquals(run(-1), (2n ** 32n - 1n) * 64n);
  const narrow = new FunctionBuilder(["i32"]);
  narrow.widen(0, 6);
  assertEquals(narrow.parameter(0), { index: 0, type: "i32" });
});

Deno.test("tables hold numbers and addresses in slots of eight bytes", () => {
  const signature = {
    parameters: ["address", "address", "i32"],
    results: ["address"],
  } as const;
  const { run, view } = instantiate(signature, (f) => {
    const [table, address, number] = [0, 1, 2].map((i) => f.parameter(i)) as [
      Local,
      Local,
      Local,
    ];
    storeAddress(f, table, { slot: 1, value: address });
    storeNumber(f, table, { slot: 2, value: number });
    f.result(addAddress(
      f,
      loadNumber(f, table, 2),
      loadAddress(f, table, 1),
    ));
  });
  assertEquals(run(16n, HIGH + 5n, -6), HIGH - 1n);
  assertEquals(view.getBigInt64(24, true), HIGH + 5n);
  assertEquals(view.getInt32(32, true), -6);
});

Deno.test("emitNear() finds an address by its low bits, across a boundary of 4 GiB", () => {
  const near = (distance: number) =>
    compute(
      (f, a) => emitNear(f, emitLow(f, f.op("i32.add", a, distance)), a),
      {
        address: HIGH - 8n,
      },
    );
  assertEquals(near(64), HIGH + 56n);
  assertEquals(near(-64), HIGH - 72n);
});

Deno.test("resolveType() gives addresses the width of the memory", () => {
  assertEquals(resolveType("address", 4), "i32");
  assertEquals(resolveType("address", 8), "i64");
  assertEquals(resolveType("f32", 8), "f32");
});

Deno.test.each([
  {
    name: "a number as an address",
    write: (f: FunctionBuilder) => void f.load("i32.load", f.parameter(1)),
    claim: "an instruction has operands of its types",
  },
  {
    name: "an address as a number",
    write: (f: FunctionBuilder) => void f.op("i32.mul", f.parameter(0), 4),
    claim: "an instruction has operands of its types",
  },
  {
    name: "an address in place of a number in memory",
    write: (f: FunctionBuilder) =>
      f.store("i32.store", f.parameter(0), f.parameter(0)),
    claim: "an instruction has operands of its types",
  },
  {
    name: "an address for a variable that holds a number",
    write: (f: FunctionBuilder) => f.copy(f.parameter(1), f.parameter(0)),
    claim: "an instruction has operands of its types",
  },
  {
    name: "a sum that would replace a number",
    write: (f: FunctionBuilder) =>
      f.assign(f.parameter(1), "i32.add", f.parameter(1), f.parameter(0)),
    claim: "a variable is given a value of its type",
  },
  {
    name: "a comparison of an address and a number",
    write: (f: FunctionBuilder) =>
      void f.op("i32.lt_u", f.parameter(0), f.parameter(1)),
    claim: "an instruction has operands of its types",
  },
  {
    name: "a sum of two addresses",
    write: (f: FunctionBuilder) =>
      void f.op("i32.add", f.parameter(0), f.parameter(0)),
    claim: "two addresses have no sum",
  },
])("FunctionBuilder refuses $name", ({ write, claim }) => {
  const signature = { parameters: ["address", "i32"], results: [] } as const;
  assertThrows(() => moduleOf(signature, write), InvariantError, claim);
});
