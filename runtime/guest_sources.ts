// Written by tools/guest_sources.ts: run it again when the guest's imports change.

/** A module as text. */
type TextModule = Promise<{ readonly default: string }>;

/**
 * The library's modules that run inside a sandbox, as text. Literal imports, so that they are part of
 * the library wherever it was loaded from, need no permission, and are read on first need only.
 */
export const GUEST_SOURCES: Readonly<Record<string, () => TextModule>> = {
  "core/base/access_problem.ts": () =>
    import("../core/base/access_problem.ts", { with: { type: "text" } }),
  "core/base/assert_function.ts": () =>
    import("../core/base/assert_function.ts", { with: { type: "text" } }),
  "core/base/assert_instance.ts": () =>
    import("../core/base/assert_instance.ts", { with: { type: "text" } }),
  "core/base/assert_methods.ts": () =>
    import("../core/base/assert_methods.ts", { with: { type: "text" } }),
  "core/base/async_hooks.ts": () =>
    import("../core/base/async_hooks.ts", { with: { type: "text" } }),
  "core/base/broadcast_shapes.ts": () =>
    import("../core/base/broadcast_shapes.ts", { with: { type: "text" } }),
  "core/base/clock.ts": () =>
    import("../core/base/clock.ts", { with: { type: "text" } }),
  "core/base/coded.ts": () =>
    import("../core/base/coded.ts", { with: { type: "text" } }),
  "core/base/coded_error.ts": () =>
    import("../core/base/coded_error.ts", { with: { type: "text" } }),
  "core/base/compare_text.ts": () =>
    import("../core/base/compare_text.ts", { with: { type: "text" } }),
  "core/base/dtype.ts": () =>
    import("../core/base/dtype.ts", { with: { type: "text" } }),
  "core/base/errors.ts": () =>
    import("../core/base/errors.ts", { with: { type: "text" } }),
  "core/base/graph_text.ts": () =>
    import("../core/base/graph_text.ts", { with: { type: "text" } }),
  "core/base/half.ts": () =>
    import("../core/base/half.ts", { with: { type: "text" } }),
  "core/base/invariant.ts": () =>
    import("../core/base/invariant.ts", { with: { type: "text" } }),
  "core/base/issue.ts": () =>
    import("../core/base/issue.ts", { with: { type: "text" } }),
  "core/base/json.ts": () =>
    import("../core/base/json.ts", { with: { type: "text" } }),
  "core/base/layered_map.ts": () =>
    import("../core/base/layered_map.ts", { with: { type: "text" } }),
  "core/base/list_of.ts": () =>
    import("../core/base/list_of.ts", { with: { type: "text" } }),
  "core/base/mod.ts": () =>
    import("../core/base/mod.ts", { with: { type: "text" } }),
  "core/base/notebook.ts": () =>
    import("../core/base/notebook.ts", { with: { type: "text" } }),
  "core/base/observe_work.ts": () =>
    import("../core/base/observe_work.ts", { with: { type: "text" } }),
  "core/base/options_of.ts": () =>
    import("../core/base/options_of.ts", { with: { type: "text" } }),
  "core/base/overlaps.ts": () =>
    import("../core/base/overlaps.ts", { with: { type: "text" } }),
  "core/base/printable.ts": () =>
    import("../core/base/printable.ts", { with: { type: "text" } }),
  "core/base/promotion.ts": () =>
    import("../core/base/promotion.ts", { with: { type: "text" } }),
  "core/base/random.ts": () =>
    import("../core/base/random.ts", { with: { type: "text" } }),
  "core/base/replace_file.ts": () =>
    import("../core/base/replace_file.ts", { with: { type: "text" } }),
  "core/base/search_entries.ts": () =>
    import("../core/base/search_entries.ts", { with: { type: "text" } }),
  "core/base/shape.ts": () =>
    import("../core/base/shape.ts", { with: { type: "text" } }),
  "core/base/suggest.ts": () =>
    import("../core/base/suggest.ts", { with: { type: "text" } }),
  "core/errors.ts": () =>
    import("../core/errors.ts", { with: { type: "text" } }),
  "core/events/describe_failure.ts": () =>
    import("../core/events/describe_failure.ts", { with: { type: "text" } }),
  "core/events/errors.ts": () =>
    import("../core/events/errors.ts", { with: { type: "text" } }),
  "core/plugin/assert_guard.ts": () =>
    import("../core/plugin/assert_guard.ts", { with: { type: "text" } }),
  "core/plugin/config_schema.ts": () =>
    import("../core/plugin/config_schema.ts", { with: { type: "text" } }),
  "core/plugin/config_store.ts": () =>
    import("../core/plugin/config_store.ts", { with: { type: "text" } }),
  "core/plugin/copy_json.ts": () =>
    import("../core/plugin/copy_json.ts", { with: { type: "text" } }),
  "core/plugin/errors.ts": () =>
    import("../core/plugin/errors.ts", { with: { type: "text" } }),
  "core/plugin/find_service.ts": () =>
    import("../core/plugin/find_service.ts", { with: { type: "text" } }),
  "core/plugin/same_json.ts": () =>
    import("../core/plugin/same_json.ts", { with: { type: "text" } }),
  "core/plugin/watch_table.ts": () =>
    import("../core/plugin/watch_table.ts", { with: { type: "text" } }),
  "core/sandbox/encode_for.ts": () =>
    import("../core/sandbox/encode_for.ts", { with: { type: "text" } }),
  "core/sandbox/errors.ts": () =>
    import("../core/sandbox/errors.ts", { with: { type: "text" } }),
  "core/sandbox/guest/copied_config.ts": () =>
    import("../core/sandbox/guest/copied_config.ts", {
      with: { type: "text" },
    }),
  "core/sandbox/guest/frozen.ts": () =>
    import("../core/sandbox/guest/frozen.ts", { with: { type: "text" } }),
  "core/sandbox/guest/guest_config.ts": () =>
    import("../core/sandbox/guest/guest_config.ts", { with: { type: "text" } }),
  "core/sandbox/guest/guest_context.ts": () =>
    import("../core/sandbox/guest/guest_context.ts", {
      with: { type: "text" },
    }),
  "core/sandbox/guest/guest_services.ts": () =>
    import("../core/sandbox/guest/guest_services.ts", {
      with: { type: "text" },
    }),
  "core/sandbox/guest/mod.ts": () =>
    import("../core/sandbox/guest/mod.ts", { with: { type: "text" } }),
  "core/sandbox/guest/plugin_export.ts": () =>
    import("../core/sandbox/guest/plugin_export.ts", {
      with: { type: "text" },
    }),
  "core/sandbox/guest/serve_guest.ts": () =>
    import("../core/sandbox/guest/serve_guest.ts", { with: { type: "text" } }),
  "core/sandbox/guest/service_directory.ts": () =>
    import("../core/sandbox/guest/service_directory.ts", {
      with: { type: "text" },
    }),
  "core/sandbox/plain_data.ts": () =>
    import("../core/sandbox/plain_data.ts", { with: { type: "text" } }),
  "core/sandbox/service_methods.ts": () =>
    import("../core/sandbox/service_methods.ts", { with: { type: "text" } }),
  "core/sandbox/wire_error.ts": () =>
    import("../core/sandbox/wire_error.ts", { with: { type: "text" } }),
  "core/sandbox/wire_value.ts": () =>
    import("../core/sandbox/wire_value.ts", { with: { type: "text" } }),
  "kernels/ir/attention_spaces.ts": () =>
    import("../kernels/ir/attention_spaces.ts", { with: { type: "text" } }),
  "kernels/ir/describe_launch.ts": () =>
    import("../kernels/ir/describe_launch.ts", { with: { type: "text" } }),
  "kernels/ir/errors.ts": () =>
    import("../kernels/ir/errors.ts", { with: { type: "text" } }),
  "kernels/ir/expression.ts": () =>
    import("../kernels/ir/expression.ts", { with: { type: "text" } }),
  "kernels/ir/expression_builder.ts": () =>
    import("../kernels/ir/expression_builder.ts", { with: { type: "text" } }),
  "kernels/ir/kernel.ts": () =>
    import("../kernels/ir/kernel.ts", { with: { type: "text" } }),
  "kernels/ir/may_overwrite.ts": () =>
    import("../kernels/ir/may_overwrite.ts", { with: { type: "text" } }),
  "kernels/ir/mod.ts": () =>
    import("../kernels/ir/mod.ts", { with: { type: "text" } }),
  "kernels/ir/opaque_kernel.ts": () =>
    import("../kernels/ir/opaque_kernel.ts", { with: { type: "text" } }),
  "kernels/ir/operand_spaces.ts": () =>
    import("../kernels/ir/operand_spaces.ts", { with: { type: "text" } }),
  "kernels/ir/print_kernel.ts": () =>
    import("../kernels/ir/print_kernel.ts", { with: { type: "text" } }),
  "kernels/ir/print_row_program.ts": () =>
    import("../kernels/ir/print_row_program.ts", { with: { type: "text" } }),
  "kernels/ir/row_program.ts": () =>
    import("../kernels/ir/row_program.ts", { with: { type: "text" } }),
  "kernels/ir/row_program_builder.ts": () =>
    import("../kernels/ir/row_program_builder.ts", { with: { type: "text" } }),
  "kernels/ir/row_values.ts": () =>
    import("../kernels/ir/row_values.ts", { with: { type: "text" } }),
  "kernels/ir/takes_dtype.ts": () =>
    import("../kernels/ir/takes_dtype.ts", { with: { type: "text" } }),
  "kernels/ir/verify_opaque.ts": () =>
    import("../kernels/ir/verify_opaque.ts", { with: { type: "text" } }),
  "kernels/opaque/bounded_shader.ts": () =>
    import("../kernels/opaque/bounded_shader.ts", { with: { type: "text" } }),
  "kernels/opaque/branch_hints.ts": () =>
    import("../kernels/opaque/branch_hints.ts", { with: { type: "text" } }),
  "kernels/opaque/byte_reader.ts": () =>
    import("../kernels/opaque/byte_reader.ts", { with: { type: "text" } }),
  "kernels/opaque/call_description.ts": () =>
    import("../kernels/opaque/call_description.ts", { with: { type: "text" } }),
  "kernels/opaque/code_steps.ts": () =>
    import("../kernels/opaque/code_steps.ts", { with: { type: "text" } }),
  "kernels/opaque/direct_module.ts": () =>
    import("../kernels/opaque/direct_module.ts", { with: { type: "text" } }),
  "kernels/opaque/function_exits.ts": () =>
    import("../kernels/opaque/function_exits.ts", { with: { type: "text" } }),
  "kernels/opaque/instructions.ts": () =>
    import("../kernels/opaque/instructions.ts", { with: { type: "text" } }),
  "kernels/opaque/link_module.ts": () =>
    import("../kernels/opaque/link_module.ts", { with: { type: "text" } }),
  "kernels/opaque/linkage.ts": () =>
    import("../kernels/opaque/linkage.ts", { with: { type: "text" } }),
  "kernels/opaque/linked_body.ts": () =>
    import("../kernels/opaque/linked_body.ts", { with: { type: "text" } }),
  "kernels/opaque/linked_kernel.ts": () =>
    import("../kernels/opaque/linked_kernel.ts", { with: { type: "text" } }),
  "kernels/opaque/local_values.ts": () =>
    import("../kernels/opaque/local_values.ts", { with: { type: "text" } }),
  "kernels/opaque/loop_costs.ts": () =>
    import("../kernels/opaque/loop_costs.ts", { with: { type: "text" } }),
  "kernels/opaque/mod.ts": () =>
    import("../kernels/opaque/mod.ts", { with: { type: "text" } }),
  "kernels/opaque/needed_checks.ts": () =>
    import("../kernels/opaque/needed_checks.ts", { with: { type: "text" } }),
  "kernels/opaque/output_part.ts": () =>
    import("../kernels/opaque/output_part.ts", { with: { type: "text" } }),
  "kernels/opaque/own_memory_kernel.ts": () =>
    import("../kernels/opaque/own_memory_kernel.ts", {
      with: { type: "text" },
    }),
  "kernels/opaque/pure_instructions.ts": () =>
    import("../kernels/opaque/pure_instructions.ts", {
      with: { type: "text" },
    }),
  "kernels/opaque/shader_rules.ts": () =>
    import("../kernels/opaque/shader_rules.ts", { with: { type: "text" } }),
  "kernels/opaque/shader_tokens.ts": () =>
    import("../kernels/opaque/shader_tokens.ts", { with: { type: "text" } }),
  "kernels/opaque/step_budget.ts": () =>
    import("../kernels/opaque/step_budget.ts", { with: { type: "text" } }),
  "kernels/opaque/stored_array.ts": () =>
    import("../kernels/opaque/stored_array.ts", { with: { type: "text" } }),
  "kernels/opaque/touched_pages.ts": () =>
    import("../kernels/opaque/touched_pages.ts", { with: { type: "text" } }),
  "kernels/opaque/wasm_encoding.ts": () =>
    import("../kernels/opaque/wasm_encoding.ts", { with: { type: "text" } }),
  "nn/check/assert_flags.ts": () =>
    import("../nn/check/assert_flags.ts", { with: { type: "text" } }),
  "nn/discovery/category.ts": () =>
    import("../nn/discovery/category.ts", { with: { type: "text" } }),
  "nn/errors.ts": () => import("../nn/errors.ts", { with: { type: "text" } }),
  "nn/module.ts": () => import("../nn/module.ts", { with: { type: "text" } }),
  "nn/optimizers/assert_optimizer.ts": () =>
    import("../nn/optimizers/assert_optimizer.ts", { with: { type: "text" } }),
  "nn/parameter.ts": () =>
    import("../nn/parameter.ts", { with: { type: "text" } }),
  "nn/state_dict.ts": () =>
    import("../nn/state_dict.ts", { with: { type: "text" } }),
  "nn/zspace/check_options.ts": () =>
    import("../nn/zspace/check_options.ts", { with: { type: "text" } }),
  "nn/zspace/errors.ts": () =>
    import("../nn/zspace/errors.ts", { with: { type: "text" } }),
  "nn/zspace/sequencer/assert_plugin.ts": () =>
    import("../nn/zspace/sequencer/assert_plugin.ts", {
      with: { type: "text" },
    }),
  "ops/apply.ts": () => import("../ops/apply.ts", { with: { type: "text" } }),
  "ops/attention.ts": () =>
    import("../ops/attention.ts", { with: { type: "text" } }),
  "ops/autograd/backward.ts": () =>
    import("../ops/autograd/backward.ts", { with: { type: "text" } }),
  "ops/autograd/derivatives/all.ts": () =>
    import("../ops/autograd/derivatives/all.ts", { with: { type: "text" } }),
  "ops/autograd/derivatives/attention.ts": () =>
    import("../ops/autograd/derivatives/attention.ts", {
      with: { type: "text" },
    }),
  "ops/autograd/derivatives/convolution.ts": () =>
    import("../ops/autograd/derivatives/convolution.ts", {
      with: { type: "text" },
    }),
  "ops/autograd/derivatives/elementwise.ts": () =>
    import("../ops/autograd/derivatives/elementwise.ts", {
      with: { type: "text" },
    }),
  "ops/autograd/derivatives/fft.ts": () =>
    import("../ops/autograd/derivatives/fft.ts", { with: { type: "text" } }),
  "ops/autograd/derivatives/linear_algebra.ts": () =>
    import("../ops/autograd/derivatives/linear_algebra.ts", {
      with: { type: "text" },
    }),
  "ops/autograd/derivatives/math.ts": () =>
    import("../ops/autograd/derivatives/math.ts", { with: { type: "text" } }),
  "ops/autograd/derivatives/matmul.ts": () =>
    import("../ops/autograd/derivatives/matmul.ts", { with: { type: "text" } }),
  "ops/autograd/derivatives/pool.ts": () =>
    import("../ops/autograd/derivatives/pool.ts", { with: { type: "text" } }),
  "ops/autograd/derivatives/quantized_matmul.ts": () =>
    import("../ops/autograd/derivatives/quantized_matmul.ts", {
      with: { type: "text" },
    }),
  "ops/autograd/derivatives/reduce.ts": () =>
    import("../ops/autograd/derivatives/reduce.ts", { with: { type: "text" } }),
  "ops/autograd/derivatives/scan.ts": () =>
    import("../ops/autograd/derivatives/scan.ts", { with: { type: "text" } }),
  "ops/autograd/derivatives/shape.ts": () =>
    import("../ops/autograd/derivatives/shape.ts", { with: { type: "text" } }),
  "ops/autograd/pull_back.ts": () =>
    import("../ops/autograd/pull_back.ts", { with: { type: "text" } }),
  "ops/buffer_lease.ts": () =>
    import("../ops/buffer_lease.ts", { with: { type: "text" } }),
  "ops/builtin/activations.ts": () =>
    import("../ops/builtin/activations.ts", { with: { type: "text" } }),
  "ops/builtin/adaptive_avg_pool.ts": () =>
    import("../ops/builtin/adaptive_avg_pool.ts", { with: { type: "text" } }),
  "ops/builtin/after.ts": () =>
    import("../ops/builtin/after.ts", { with: { type: "text" } }),
  "ops/builtin/all.ts": () =>
    import("../ops/builtin/all.ts", { with: { type: "text" } }),
  "ops/builtin/arg_reduce.ts": () =>
    import("../ops/builtin/arg_reduce.ts", { with: { type: "text" } }),
  "ops/builtin/assemble.ts": () =>
    import("../ops/builtin/assemble.ts", { with: { type: "text" } }),
  "ops/builtin/attention.ts": () =>
    import("../ops/builtin/attention.ts", { with: { type: "text" } }),
  "ops/builtin/attention_gradients.ts": () =>
    import("../ops/builtin/attention_gradients.ts", { with: { type: "text" } }),
  "ops/builtin/attention_log_sum_exp.ts": () =>
    import("../ops/builtin/attention_log_sum_exp.ts", {
      with: { type: "text" },
    }),
  "ops/builtin/attention_shapes.ts": () =>
    import("../ops/builtin/attention_shapes.ts", { with: { type: "text" } }),
  "ops/builtin/avg_pool.ts": () =>
    import("../ops/builtin/avg_pool.ts", { with: { type: "text" } }),
  "ops/builtin/binary.ts": () =>
    import("../ops/builtin/binary.ts", { with: { type: "text" } }),
  "ops/builtin/bits.ts": () =>
    import("../ops/builtin/bits.ts", { with: { type: "text" } }),
  "ops/builtin/cast.ts": () =>
    import("../ops/builtin/cast.ts", { with: { type: "text" } }),
  "ops/builtin/cholesky.ts": () =>
    import("../ops/builtin/cholesky.ts", { with: { type: "text" } }),
  "ops/builtin/columns.ts": () =>
    import("../ops/builtin/columns.ts", { with: { type: "text" } }),
  "ops/builtin/complex_planes.ts": () =>
    import("../ops/builtin/complex_planes.ts", { with: { type: "text" } }),
  "ops/builtin/composite.ts": () =>
    import("../ops/builtin/composite.ts", { with: { type: "text" } }),
  "ops/builtin/concat.ts": () =>
    import("../ops/builtin/concat.ts", { with: { type: "text" } }),
  "ops/builtin/conv.ts": () =>
    import("../ops/builtin/conv.ts", { with: { type: "text" } }),
  "ops/builtin/conv_settings.ts": () =>
    import("../ops/builtin/conv_settings.ts", { with: { type: "text" } }),
  "ops/builtin/conv_transpose.ts": () =>
    import("../ops/builtin/conv_transpose.ts", { with: { type: "text" } }),
  "ops/builtin/convolution.ts": () =>
    import("../ops/builtin/convolution.ts", { with: { type: "text" } }),
  "ops/builtin/diagonals.ts": () =>
    import("../ops/builtin/diagonals.ts", { with: { type: "text" } }),
  "ops/builtin/eigh.ts": () =>
    import("../ops/builtin/eigh.ts", { with: { type: "text" } }),
  "ops/builtin/einsum.ts": () =>
    import("../ops/builtin/einsum.ts", { with: { type: "text" } }),
  "ops/builtin/einsum_order.ts": () =>
    import("../ops/builtin/einsum_order.ts", { with: { type: "text" } }),
  "ops/builtin/einsum_spec.ts": () =>
    import("../ops/builtin/einsum_spec.ts", { with: { type: "text" } }),
  "ops/builtin/einsum_term.ts": () =>
    import("../ops/builtin/einsum_term.ts", { with: { type: "text" } }),
  "ops/builtin/expand.ts": () =>
    import("../ops/builtin/expand.ts", { with: { type: "text" } }),
  "ops/builtin/fft.ts": () =>
    import("../ops/builtin/fft.ts", { with: { type: "text" } }),
  "ops/builtin/flip.ts": () =>
    import("../ops/builtin/flip.ts", { with: { type: "text" } }),
  "ops/builtin/float_result.ts": () =>
    import("../ops/builtin/float_result.ts", { with: { type: "text" } }),
  "ops/builtin/fourier.ts": () =>
    import("../ops/builtin/fourier.ts", { with: { type: "text" } }),
  "ops/builtin/fourier_axes.ts": () =>
    import("../ops/builtin/fourier_axes.ts", { with: { type: "text" } }),
  "ops/builtin/fourier_factors.ts": () =>
    import("../ops/builtin/fourier_factors.ts", { with: { type: "text" } }),
  "ops/builtin/gamma.ts": () =>
    import("../ops/builtin/gamma.ts", { with: { type: "text" } }),
  "ops/builtin/gather.ts": () =>
    import("../ops/builtin/gather.ts", { with: { type: "text" } }),
  "ops/builtin/gelu.ts": () =>
    import("../ops/builtin/gelu.ts", { with: { type: "text" } }),
  "ops/builtin/guard_finite.ts": () =>
    import("../ops/builtin/guard_finite.ts", { with: { type: "text" } }),
  "ops/builtin/images.ts": () =>
    import("../ops/builtin/images.ts", { with: { type: "text" } }),
  "ops/builtin/indexing.ts": () =>
    import("../ops/builtin/indexing.ts", { with: { type: "text" } }),
  "ops/builtin/iota.ts": () =>
    import("../ops/builtin/iota.ts", { with: { type: "text" } }),
  "ops/builtin/jacobi.ts": () =>
    import("../ops/builtin/jacobi.ts", { with: { type: "text" } }),
  "ops/builtin/kron.ts": () =>
    import("../ops/builtin/kron.ts", { with: { type: "text" } }),
  "ops/builtin/layer_norm.ts": () =>
    import("../ops/builtin/layer_norm.ts", { with: { type: "text" } }),
  "ops/builtin/log_softmax.ts": () =>
    import("../ops/builtin/log_softmax.ts", { with: { type: "text" } }),
  "ops/builtin/logic.ts": () =>
    import("../ops/builtin/logic.ts", { with: { type: "text" } }),
  "ops/builtin/lu.ts": () =>
    import("../ops/builtin/lu.ts", { with: { type: "text" } }),
  "ops/builtin/math.ts": () =>
    import("../ops/builtin/math.ts", { with: { type: "text" } }),
  "ops/builtin/matmul.ts": () =>
    import("../ops/builtin/matmul.ts", { with: { type: "text" } }),
  "ops/builtin/matrix_power.ts": () =>
    import("../ops/builtin/matrix_power.ts", { with: { type: "text" } }),
  "ops/builtin/matrix_types.ts": () =>
    import("../ops/builtin/matrix_types.ts", { with: { type: "text" } }),
  "ops/builtin/max_pool.ts": () =>
    import("../ops/builtin/max_pool.ts", { with: { type: "text" } }),
  "ops/builtin/max_pool_gradient.ts": () =>
    import("../ops/builtin/max_pool_gradient.ts", { with: { type: "text" } }),
  "ops/builtin/mean.ts": () =>
    import("../ops/builtin/mean.ts", { with: { type: "text" } }),
  "ops/builtin/normalize.ts": () =>
    import("../ops/builtin/normalize.ts", { with: { type: "text" } }),
  "ops/builtin/number_dtypes.ts": () =>
    import("../ops/builtin/number_dtypes.ts", { with: { type: "text" } }),
  "ops/builtin/one_hot.ts": () =>
    import("../ops/builtin/one_hot.ts", { with: { type: "text" } }),
  "ops/builtin/pad.ts": () =>
    import("../ops/builtin/pad.ts", { with: { type: "text" } }),
  "ops/builtin/pairs.ts": () =>
    import("../ops/builtin/pairs.ts", { with: { type: "text" } }),
  "ops/builtin/permute.ts": () =>
    import("../ops/builtin/permute.ts", { with: { type: "text" } }),
  "ops/builtin/polynomial.ts": () =>
    import("../ops/builtin/polynomial.ts", { with: { type: "text" } }),
  "ops/builtin/pool_geometry.ts": () =>
    import("../ops/builtin/pool_geometry.ts", { with: { type: "text" } }),
  "ops/builtin/pseudo_inverse.ts": () =>
    import("../ops/builtin/pseudo_inverse.ts", { with: { type: "text" } }),
  "ops/builtin/qr.ts": () =>
    import("../ops/builtin/qr.ts", { with: { type: "text" } }),
  "ops/builtin/quantized_matmul.ts": () =>
    import("../ops/builtin/quantized_matmul.ts", { with: { type: "text" } }),
  "ops/builtin/random.ts": () =>
    import("../ops/builtin/random.ts", { with: { type: "text" } }),
  "ops/builtin/real_fft.ts": () =>
    import("../ops/builtin/real_fft.ts", { with: { type: "text" } }),
  "ops/builtin/real_lines.ts": () =>
    import("../ops/builtin/real_lines.ts", { with: { type: "text" } }),
  "ops/builtin/rearrange.ts": () =>
    import("../ops/builtin/rearrange.ts", { with: { type: "text" } }),
  "ops/builtin/reduce.ts": () =>
    import("../ops/builtin/reduce.ts", { with: { type: "text" } }),
  "ops/builtin/relu.ts": () =>
    import("../ops/builtin/relu.ts", { with: { type: "text" } }),
  "ops/builtin/reshape.ts": () =>
    import("../ops/builtin/reshape.ts", { with: { type: "text" } }),
  "ops/builtin/scaled_dot_product_attention.ts": () =>
    import("../ops/builtin/scaled_dot_product_attention.ts", {
      with: { type: "text" },
    }),
  "ops/builtin/scan.ts": () =>
    import("../ops/builtin/scan.ts", { with: { type: "text" } }),
  "ops/builtin/scatter.ts": () =>
    import("../ops/builtin/scatter.ts", { with: { type: "text" } }),
  "ops/builtin/scatter_add.ts": () =>
    import("../ops/builtin/scatter_add.ts", { with: { type: "text" } }),
  "ops/builtin/select.ts": () =>
    import("../ops/builtin/select.ts", { with: { type: "text" } }),
  "ops/builtin/silu.ts": () =>
    import("../ops/builtin/silu.ts", { with: { type: "text" } }),
  "ops/builtin/slice.ts": () =>
    import("../ops/builtin/slice.ts", { with: { type: "text" } }),
  "ops/builtin/softmax.ts": () =>
    import("../ops/builtin/softmax.ts", { with: { type: "text" } }),
  "ops/builtin/solve.ts": () =>
    import("../ops/builtin/solve.ts", { with: { type: "text" } }),
  "ops/builtin/sort.ts": () =>
    import("../ops/builtin/sort.ts", { with: { type: "text" } }),
  "ops/builtin/split.ts": () =>
    import("../ops/builtin/split.ts", { with: { type: "text" } }),
  "ops/builtin/squeeze.ts": () =>
    import("../ops/builtin/squeeze.ts", { with: { type: "text" } }),
  "ops/builtin/statistics.ts": () =>
    import("../ops/builtin/statistics.ts", { with: { type: "text" } }),
  "ops/builtin/stop_gradient.ts": () =>
    import("../ops/builtin/stop_gradient.ts", { with: { type: "text" } }),
  "ops/builtin/svd.ts": () =>
    import("../ops/builtin/svd.ts", { with: { type: "text" } }),
  "ops/builtin/take.ts": () =>
    import("../ops/builtin/take.ts", { with: { type: "text" } }),
  "ops/builtin/tensordot.ts": () =>
    import("../ops/builtin/tensordot.ts", { with: { type: "text" } }),
  "ops/builtin/triangle.ts": () =>
    import("../ops/builtin/triangle.ts", { with: { type: "text" } }),
  "ops/builtin/triangular_solve.ts": () =>
    import("../ops/builtin/triangular_solve.ts", { with: { type: "text" } }),
  "ops/builtin/unary.ts": () =>
    import("../ops/builtin/unary.ts", { with: { type: "text" } }),
  "ops/builtin/variance.ts": () =>
    import("../ops/builtin/variance.ts", { with: { type: "text" } }),
  "ops/builtin/where.ts": () =>
    import("../ops/builtin/where.ts", { with: { type: "text" } }),
  "ops/builtin/windows.ts": () =>
    import("../ops/builtin/windows.ts", { with: { type: "text" } }),
  "ops/check_attributes.ts": () =>
    import("../ops/check_attributes.ts", { with: { type: "text" } }),
  "ops/convert_elements.ts": () =>
    import("../ops/convert_elements.ts", { with: { type: "text" } }),
  "ops/create.ts": () => import("../ops/create.ts", { with: { type: "text" } }),
  "ops/create_random.ts": () =>
    import("../ops/create_random.ts", { with: { type: "text" } }),
  "ops/decompose.ts": () =>
    import("../ops/decompose.ts", { with: { type: "text" } }),
  "ops/define/definition_issues.ts": () =>
    import("../ops/define/definition_issues.ts", { with: { type: "text" } }),
  "ops/define/elementwise.ts": () =>
    import("../ops/define/elementwise.ts", { with: { type: "text" } }),
  "ops/define/errors.ts": () =>
    import("../ops/define/errors.ts", { with: { type: "text" } }),
  "ops/define/fill_attributes.ts": () =>
    import("../ops/define/fill_attributes.ts", { with: { type: "text" } }),
  "ops/define/infer_call.ts": () =>
    import("../ops/define/infer_call.ts", { with: { type: "text" } }),
  "ops/define/kernel_table.ts": () =>
    import("../ops/define/kernel_table.ts", { with: { type: "text" } }),
  "ops/define/operator_builder.ts": () =>
    import("../ops/define/operator_builder.ts", { with: { type: "text" } }),
  "ops/define/parts.ts": () =>
    import("../ops/define/parts.ts", { with: { type: "text" } }),
  "ops/define/scalar.ts": () =>
    import("../ops/define/scalar.ts", { with: { type: "text" } }),
  "ops/define/shape_rule.ts": () =>
    import("../ops/define/shape_rule.ts", { with: { type: "text" } }),
  "ops/define/wasm_kernel.ts": () =>
    import("../ops/define/wasm_kernel.ts", { with: { type: "text" } }),
  "ops/define/wasm_module.ts": () =>
    import("../ops/define/wasm_module.ts", { with: { type: "text" } }),
  "ops/define/wgsl_kernel.ts": () =>
    import("../ops/define/wgsl_kernel.ts", { with: { type: "text" } }),
  "ops/define_operator.ts": () =>
    import("../ops/define_operator.ts", { with: { type: "text" } }),
  "ops/dispatch/backend_names.ts": () =>
    import("../ops/dispatch/backend_names.ts", { with: { type: "text" } }),
  "ops/errors.ts": () => import("../ops/errors.ts", { with: { type: "text" } }),
  "ops/execute_nodes.ts": () =>
    import("../ops/execute_nodes.ts", { with: { type: "text" } }),
  "ops/graph/node.ts": () =>
    import("../ops/graph/node.ts", { with: { type: "text" } }),
  "ops/graph/order.ts": () =>
    import("../ops/graph/order.ts", { with: { type: "text" } }),
  "ops/graph/realized.ts": () =>
    import("../ops/graph/realized.ts", { with: { type: "text" } }),
  "ops/observe_calls.ts": () =>
    import("../ops/observe_calls.ts", { with: { type: "text" } }),
  "ops/pad_widths.ts": () =>
    import("../ops/pad_widths.ts", { with: { type: "text" } }),
  "ops/pool_options.ts": () =>
    import("../ops/pool_options.ts", { with: { type: "text" } }),
  "ops/realize/build_opaque.ts": () =>
    import("../ops/realize/build_opaque.ts", { with: { type: "text" } }),
  "ops/realize/emitter.ts": () =>
    import("../ops/realize/emitter.ts", { with: { type: "text" } }),
  "ops/realize/view.ts": () =>
    import("../ops/realize/view.ts", { with: { type: "text" } }),
  "ops/slice_ranges.ts": () =>
    import("../ops/slice_ranges.ts", { with: { type: "text" } }),
  "ops/storage.ts": () =>
    import("../ops/storage.ts", { with: { type: "text" } }),
  "ops/tensor.ts": () => import("../ops/tensor.ts", { with: { type: "text" } }),
  "ops/trace/attribute_symbol.ts": () =>
    import("../ops/trace/attribute_symbol.ts", { with: { type: "text" } }),
  "ops/trace/bind_attributes.ts": () =>
    import("../ops/trace/bind_attributes.ts", { with: { type: "text" } }),
  "ops/trace/encode_trace.ts": () =>
    import("../ops/trace/encode_trace.ts", { with: { type: "text" } }),
  "ops/trace/trace.ts": () =>
    import("../ops/trace/trace.ts", { with: { type: "text" } }),
  "runtime/guest/encode_functions.ts": () =>
    import("./guest/encode_functions.ts", { with: { type: "text" } }),
  "runtime/guest/encode_module.ts": () =>
    import("./guest/encode_module.ts", { with: { type: "text" } }),
  "runtime/guest/encode_operator.ts": () =>
    import("./guest/encode_operator.ts", { with: { type: "text" } }),
  "runtime/guest/encode_optimizer.ts": () =>
    import("./guest/encode_optimizer.ts", { with: { type: "text" } }),
  "runtime/guest/errors.ts": () =>
    import("./guest/errors.ts", { with: { type: "text" } }),
  "runtime/guest/expose_kernels.ts": () =>
    import("./guest/expose_kernels.ts", { with: { type: "text" } }),
  "runtime/guest/host_operators.ts": () =>
    import("./guest/host_operators.ts", { with: { type: "text" } }),
  "runtime/guest/main.ts": () =>
    import("./guest/main.ts", { with: { type: "text" } }),
  "runtime/guest/trace_variants.ts": () =>
    import("./guest/trace_variants.ts", { with: { type: "text" } }),
  "runtime/plugin/define_plugin.ts": () =>
    import("./plugin/define_plugin.ts", { with: { type: "text" } }),
  "runtime/plugin/mod.ts": () =>
    import("./plugin/mod.ts", { with: { type: "text" } }),
  "runtime/plugin/packed_arrays.ts": () =>
    import("./plugin/packed_arrays.ts", { with: { type: "text" } }),
  "runtime/plugin/zspace_adapter.ts": () =>
    import("./plugin/zspace_adapter.ts", { with: { type: "text" } }),
};
