import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { OptionError, sizeOf } from "../../core/base/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { Module } from "../module.ts";
import { seedKey } from "../seed.ts";
import { initialize, type Initializer, INITIALIZERS } from "./initializer.ts";

const FANS = { fanIn: 100, fanOut: 50 };

async function numbersOf(
  initializer: Initializer,
  seed = 3,
  shape: readonly number[] = [100, 50],
) {
  const options = { ...FANS, key: seedKey(seed) };
  const weights = initialize(shape, initializer, options);
  assertEquals(weights.shape, shape);
  return Array.from(await weights.data());
}

function deviationOf(numbers: readonly number[]): number {
  return Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length);
}

// Oracle: the bounds and deviations of the papers, within what 5,000 draws may be off.
Deno.test.each<
  { initializer: Initializer; deviation: number; bound: number }
>([
  {
    initializer: "kaiming_uniform",
    deviation: Math.sqrt(2 / 100),
    bound: Math.sqrt(6 / 100),
  },
  {
    initializer: "kaiming_normal",
    deviation: Math.sqrt(2 / 100),
    bound: Infinity,
  },
  {
    initializer: "xavier_uniform",
    deviation: Math.sqrt(2 / 150),
    bound: Math.sqrt(6 / 150),
  },
  {
    initializer: "xavier_normal",
    deviation: Math.sqrt(2 / 150),
    bound: Infinity,
  },
  {
    initializer: { name: "xavier_normal", gain: 3 },
    deviation: 3 * Math.sqrt(2 / 150),
    bound: Infinity,
  },
  // Var of a normal cut at two deviations: 1 - 4 φ(2) / (2 Φ(2) - 1).
  { initializer: "truncated_normal", deviation: 0.02 * 0.8796, bound: 0.04 },
])(
  "initialize() $initializer.name$initializer keeps to its paper",
  async ({ initializer, deviation, bound }) => {
    const numbers = await numbersOf(initializer);
    assertAlmostEquals(deviationOf(numbers) / deviation, 1, 0.04);
    assertAlmostEquals(
      numbers.reduce((sum, x) => sum + x, 0) / 5000,
      0,
      deviation / 10,
    );
    assert(numbers.every((x) => Math.abs(x) <= bound * (1 + 1e-6)));
  },
);

Deno.test.each(INITIALIZERS.map((name) => ({ name })))(
  "initialize() $name depends on the key alone",
  async ({ name }) => {
    const first = await numbersOf(name, 3, [6, 4]);
    assertEquals(await numbersOf(name, 3, [6, 4]), first);
    const isRandom = !["fill", "ones", "zeros"].includes(name);
    assertEquals(
      String(await numbersOf(name, 4, [6, 4])) !== String(first),
      isRandom,
    );
  },
);

Deno.test("initialize() takes a constant", async () => {
  assertEquals(await numbersOf("zeros", 1, [2]), [0, 0]);
  assertEquals(await numbersOf("ones", 1, [2]), [1, 1]);
  assertEquals(await numbersOf({ name: "fill", value: 5 }, 1, [2]), [5, 5]);
});

Deno.test.each([{ shape: [5, 3] }, { shape: [3, 5] }, { shape: [4, 4] }, {
  shape: [4, 2, 3],
}])("initialize() orthogonal of $shape", async ({ shape }) => {
  const numbers = await numbersOf({ name: "orthogonal", gain: 2 }, 1, shape);
  const rows = shape[0]!;
  const columns = sizeOf(shape.slice(1));
  const isTall = rows > columns;
  const at = (i: number, k: number) =>
    isTall ? numbers[k * columns + i]! : numbers[i * columns + k]!;
  const [count, length] = isTall ? [columns, rows] : [rows, columns];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      let product = 0;
      for (let k = 0; k < length; k++) product += at(i, k) * at(j, k);
      assertAlmostEquals(product, i === j ? 4 : 0, 1e-5);
    }
  }
});

Deno.test("initialize() refuses orthogonal vectors and numbers that are none", () => {
  const options = { ...FANS, key: seedKey(1) };
  for (
    const initializer of ["orthogonal", { name: "fill", value: NaN }, {
      name: "kaiming_normal",
      gain: -1,
    }] as const
  ) {
    const error = assertThrows(
      () => initialize([4], initializer, options),
      OptionError,
    );
    assertEquals(error.code, "INVALID_OPTION");
  }
});

Deno.test.each([
  {
    type: "linear",
    config: { inFeatures: 4, outFeatures: 4, init: "orthogonal" },
  },
  {
    type: "conv2d",
    config: {
      inChannels: 2,
      outChannels: 3,
      kernelSize: 3,
      init: { name: "xavier_normal", gain: 2 },
    },
  },
  {
    type: "embedding",
    config: { numEmbeddings: 4, embeddingDim: 3, init: "truncated_normal" },
  },
])(
  "$type starts as its settings say, and tells them",
  async ({ type, config }) => {
    const registry = createModuleRegistry();
    const module = await registry.create(type, config, { seed: 5 });
    assert(module instanceof Module);
    const plain = await registry.create(type, {
      ...config,
      init: "ones",
    }) as Module;
    assertEquals(
      new Set(await plain.parameters().get("weight")!.data()),
      new Set([1]),
    );
    const described = registry.describe(module)!;
    assertEquals((described.config as { init: unknown }).init, config.init);
    const again = await registry.create(type, described.config, {
      seed: 5,
    }) as Module;
    assertEquals(
      await again.parameters().get("weight")!.data(),
      await module.parameters().get("weight")!.data(),
    );
    const checked = registry.validate(type, { ...config, init: "nothing" });
    assert(checked.issues.length > 0);
  },
);
