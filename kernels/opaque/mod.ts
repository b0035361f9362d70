/**
 * Code that operators bring: how it is checked, called and confined, whatever runs it.
 *
 * @module
 */

export {
  type ArrayType,
  type CodeCall,
  descriptionBytes,
  writeDescription,
} from "./call_description.ts";
export { boundShader, hasLoops } from "./bounded_shader.ts";
export { ByteReader, SECTION, sectionsOf } from "./byte_reader.ts";
export { STEPS_SPENT, stepsOf, trapReason } from "./code_steps.ts";
export { type DirectModule, parseDirectModule } from "./direct_module.ts";
export { arrayNames, runLinked } from "./linked_kernel.ts";
export type { LinkedArray } from "./linkage.ts";
export { linkModule } from "./link_module.ts";
export { OwnMemoryKernel } from "./own_memory_kernel.ts";
export { checkShader } from "./shader_rules.ts";
export { plainShader, type Refuse, shaderTokens } from "./shader_tokens.ts";
export { storeArray, storedArray, storedBytes } from "./stored_array.ts";
