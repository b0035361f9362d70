/** The GPU backend as tests hold it against others: each shader is looked at before the device sees it. */
import { assertEquals, assertThrows } from "@std/assert";
import type { Backend } from "./backend.ts";
import {
  type CodeVariant,
  createWebGpuBackend,
  TuningTable,
} from "./webgpu/mod.ts";
import { seenGpu } from "./webgpu/seen_gpu_test.ts";

/** Divides the work of all kernels in one way, where there are several. */
class OneVariant extends TuningTable {
  readonly #variant: CodeVariant;

  constructor(variant: CodeVariant) {
    super();
    this.#variant = variant;
  }

  override get(): CodeVariant {
    return this.#variant;
  }
}

/** A loop that counts: what it counts to does not change, since only a name or a number is compared. */
const COUNTING =
  /for \(var (\w+) = [^;{]+; \1 (?:<|<=|>=|>) (\w+|\w+ \/ \w+|\w+\[\w+\]); \1 ?(?:\+\+|--|[-+*/]= \w+)\) \{/g;

/** What goes on until a number is small enough, and the turns it takes by the exponents of two numbers. */
const EXACT_REMAINDER = /fn fRemainder[^]*?\n\}/;

/**
 * Asserts that a shader has no loops but such that count: compilers guard every loop against going on
 * without end, and what is inside is written out so that there are few turns.
 *
 * @param shader The shader.
 */
export function assertCounts(shader: string): void {
  const text = shader.replace(EXACT_REMAINDER, "");
  const loops = text.match(/\b(?:for|while|loop)\b/g) ?? [];
  const counting = text.match(COUNTING) ?? [];
  assertEquals(counting.length, loops.length, `a loop does not count\n${text}`);
}

/**
 * Makes a GPU backend.
 *
 * @param variant How the work of kernels is divided, if not in the way that suits the device.
 * @returns The backend.
 */
export function createGpuBackend(
  variant?: CodeVariant,
): Promise<Backend> {
  const gpu = seenGpu((device) => {
    const create = device.createShaderModule.bind(device);
    device.createShaderModule = (descriptor) => {
      assertCounts(descriptor.code);
      return create(descriptor);
    };
  });
  return createWebGpuBackend({
    gpu,
    ...variant && { tuning: new OneVariant(variant) },
  });
}

Deno.test("assertCounts() takes loops that count, and no others", () => {
  assertCounts("for (var r = 0u; r < 8u; r += 4u) { }");
  assertCounts("for (var i = thread; i < end; i++) { }");
  for (
    const loop of [
      "while (x < y) { x = x * 2.0; }",
      "loop { break; }",
      "for (var i = 0u; i < y[x + i]; i++) { }",
      "for (var i = 0u; i < 8u; x++) { }",
    ]
  ) assertThrows(() => assertCounts(loop));
});
