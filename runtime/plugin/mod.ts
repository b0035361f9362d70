/**
 * What a plugin's author needs: plugins, operators, modules and tensors that are described.
 *
 * This entry also runs inside a sandbox, where there are no backends: it describes computations and
 * does not run them.
 *
 * @example A plugin that brings an operator
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineOperator, definePlugin } from "@spiraltorch/spiraltorch/plugin";
 *
 * const plugin = definePlugin({
 *   metadata: { id: "acme.swish", version: "1.0.0" },
 *   onLoad(context) {
 *     context.operators.register(defineOperator({
 *       name: "acme:swish",
 *       inputs: ["x"],
 *       forward: ([x]) => x!.mul(x!.sigmoid()),
 *     }));
 *   },
 * });
 * assertEquals(plugin.metadata.id, "acme.swish");
 * ```
 *
 * @module
 */

export type {
  GateAnswer,
  GateEncoding,
  GateFetchOptions,
  GateReadOptions,
  HostGate,
} from "../../core/loader/gate/host_gate.ts";
export { definePlugin } from "./define_plugin.ts";
export {
  ZSPACE_CAPABILITY,
  ZSPACE_TRACE_EVENT,
  type ZSpaceAdapterOptions,
  ZSpacePluginAdapter,
} from "./zspace_adapter.ts";
export type {
  ZSpaceSequencerPlugin,
  ZSpaceSequencerStage,
} from "../../nn/zspace/sequencer/stage.ts";
export type {
  BackendRegistrar,
  FoundOperator,
  ModuleContribution,
  ModuleRegistrar,
  OperatorRegistrar,
  Plugin,
  PluginContext,
} from "./define_plugin.ts";
// By file, not through a layer's mod.ts: those bring the backends along.
export { Module } from "../../nn/module.ts";
export { Parameter, type ParameterOptions } from "../../nn/parameter.ts";
export { scaledDotProductAttention } from "../../ops/attention.ts";
export {
  arange,
  eye,
  full,
  linspace,
  ones,
  tensor,
  where,
  zeros,
} from "../../ops/create.ts";
export { randomNormal, randomUniform } from "../../ops/create_random.ts";
export type { ValueSchema } from "../../ops/check_attributes.ts";
export type {
  AttributeSpec,
  CallableOperator,
  GradientCall,
  OperatorDefinition,
} from "../../ops/define/definition.ts";
export {
  elementwise,
  type ElementwiseForward,
  type ScalarFunction,
} from "../../ops/define/elementwise.ts";
export { OperatorBuilder } from "../../ops/define/operator_builder.ts";
export { Scalar, type ScalarLike } from "../../ops/define/scalar.ts";
export type { DTypeRule, ShapeRule } from "../../ops/define/shape_rule.ts";
export {
  wasmKernel,
  type WasmKernelOptions,
} from "../../ops/define/wasm_kernel.ts";
export {
  wgslKernel,
  type WgslKernelOptions,
} from "../../ops/define/wgsl_kernel.ts";
export { defineOperator } from "../../ops/define_operator.ts";
export type {
  Attributes,
  HostKernel,
  LoweredCall,
  TensorType,
} from "../../ops/graph/node.ts";
export { Tensor, type TensorLike } from "../../ops/tensor.ts";
