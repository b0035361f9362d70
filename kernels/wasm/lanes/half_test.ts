/** Oracles: Float16Array, and the host's conversions, which are tested against all neighbours. */
import { assert, assertEquals } from "@std/assert";
import {
  decodeHalf,
  encodeHalf,
  fillUniform,
  type HalfDType,
  randomKey,
} from "../../../core/base/mod.ts";
import { ModuleBuilder } from "../assembler/module_builder.ts";
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from "./half.ts";
import { VectorCode } from "./vector_code.ts";

const HALVES = {
  bfloat16: { from: fromBfloat16, to: toBfloat16 },
  float16: { from: fromFloat16, to: toFloat16 },
} as const;

const MEMORY = new WebAssembly.Memory({ initial: 16, maximum: 16 });

/** Compiles a conversion of whole vectors: words from address 0 on become words from 512 KiB on. */
function converter(
  dtype: HalfDType,
  direction: "from" | "to",
): (count: number) => void {
  const module = new ModuleBuilder();
  module.importMemory(["host", "memory"], 16, { isShared: false });
  const unused = () => {
    throw new Error("conversions need nothing of the module");
  };
  const written = module.define({ parameters: ["i32"], results: [] }, (f) => {
    const code = new VectorCode(f, {
      relaxedSimd: false,
      host: unused,
      helper: unused,
    });
    const address = f.variable("i32", 0);
    f.loop((next) => {
      const vector = f.load("v128.load", address);
      const converted = HALVES[dtype][direction](code, vector);
      f.store("v128.store", address, converted, 2 ** 19);
      f.assign(address, "i32.add", address, 16);
      f.branchIf(next, f.op("i32.lt_s", address, f.parameter(0)));
    });
  });
  module.export("run", written);
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(module.build()),
    { host: { memory: MEMORY } },
  );
  const run = exports.run as (bytes: number) => void;
  return (count) => run(4 * count);
}

const INPUT_BYTES = 0;
const OUTPUT_BYTES = 2 ** 19;

Deno.test.each(["bfloat16", "float16"] as const)(
  "loads of %s mean what every pattern means",
  (dtype) => {
    const count = 2 ** 16;
    // Whatever stands in the upper half of a lane does not matter.
    const bits = Uint32Array.from({ length: count }, (_, i) => i * 65537);
    new Uint32Array(MEMORY.buffer, INPUT_BYTES, count).set(bits);
    converter(dtype, "from")(count);
    const found = new Float32Array(MEMORY.buffer, OUTPUT_BYTES, count);
    const want = decodeHalf(dtype, Uint16Array.from(bits));
    for (let i = 0; i < count; i++) {
      assert(Object.is(found[i], want[i]), `${i}: ${found[i]} ${want[i]}`);
    }
  },
);

/** Numbers around every number that a half holds, and of any bits. */
function numbersFor(dtype: HalfDType): Float32Array {
  const patterns = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
  const held = new Uint32Array(decodeHalf(dtype, patterns).buffer);
  const drawn = new Float32Array(2 ** 16);
  fillUniform(randomKey(1), drawn);
  const step = dtype === "float16" ? 2 ** 12 : 2 ** 15;
  return new Float32Array(
    Uint32Array.from({ length: 2 ** 19 }, (_, i) => {
      const near = held[i >> 3]!;
      const offsets = [0, 1, -1, step, step + 1, step - 1];
      const offset = offsets[i & 7];
      return offset === undefined
        ? Math.floor(drawn[(i * 7) % 2 ** 16]! * 2 ** 24) * 257 + i
        : near + offset;
    }).buffer,
  );
}

Deno.test.each(["bfloat16", "float16"] as const)(
  "stores of %s round as the host does",
  (dtype) => {
    const numbers = numbersFor(dtype);
    const convert = converter(dtype, "to");
    const size = 2 ** 17;
    for (let first = 0; first < numbers.length; first += size) {
      const some = numbers.subarray(first, first + size);
      new Float32Array(MEMORY.buffer, INPUT_BYTES, size).set(some);
      convert(size);
      const lanes = new Int32Array(MEMORY.buffer, OUTPUT_BYTES, size).slice();
      // The sign fills the upper half, so that narrowing keeps all bits.
      assertEquals(lanes, Int32Array.from(Int16Array.from(lanes)));
      const want = new Uint16Array(size);
      encodeHalf(dtype, some, want);
      const found = decodeHalf(dtype, Uint16Array.from(lanes));
      const meant = decodeHalf(dtype, want);
      for (let i = 0; i < size; i++) {
        assert(
          Object.is(found[i], meant[i]),
          `${some[i]}: ${found[i]}, want ${meant[i]}`,
        );
      }
    }
  },
);
