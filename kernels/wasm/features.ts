import { ModuleBuilder } from "./assembler/module_builder.ts";
import type { PLAIN } from "./assembler/opcodes.ts";

/**
 * Tells whether this engine takes plain SIMD.
 *
 * @returns Whether it does.
 */
export function hasSimd(): boolean {
  return accepts("f32x4.add", 2);
}

/**
 * Tells whether this engine takes relaxed SIMD.
 *
 * @returns Whether it does.
 */
export function hasRelaxedSimd(): boolean {
  return accepts("f32x4.relaxed_madd", 3);
}

function accepts(name: keyof typeof PLAIN, operands: number): boolean {
  const builder = new ModuleBuilder();
  builder.define({ parameters: ["v128"], results: [] }, (f) => {
    f.op(name, ...new Array(operands).fill(f.parameter(0)));
  });
  return WebAssembly.validate(builder.build());
}
