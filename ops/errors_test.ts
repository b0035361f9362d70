import { assertEquals, assertInstanceOf } from "@std/assert";
import {
  attributeComputedWith,
  inferMismatch,
  kernelFailed,
  kernelNotRecorded,
  operatorCheckFailed,
  outputsSeveral,
  wasmKernelFailed,
  wasmKernelInvalid,
} from "./define/errors.ts";
import { dispatchFailed } from "./dispatch/errors.ts";
import {
  attributeInvalid,
  dataNotOnHost,
  ERROR_CODES,
  gradientShapeMismatch,
  nonFiniteValue,
  notDifferentiable,
  notScalar,
  operatorArity,
  operatorExists,
  operatorInvalid,
  operatorNotFound,
  operatorOwned,
  operatorProtected,
  placeholderUnbound,
  shapeUnknown,
  tensorDataInvalid,
  tensorDisposed,
  TensorError,
  traceInvalid,
  updateTargetInvalid,
} from "./errors.ts";

const ISSUE = { code: "X", path: "a[0]", message: "Found 1, wanted 2" };

interface Row {
  readonly error: TensorError;
  readonly code: string;
  readonly message: string;
}

const ROWS: readonly Row[] = [
  {
    error: attributeInvalid("sum", "axes", "found 1, wanted 2"),
    code: "ATTRIBUTE_INVALID",
    message: 'Cannot apply sum with attribute "axes": found 1, wanted 2',
  },
  {
    error: attributeComputedWith("alpha"),
    code: "ATTRIBUTE_UNKNOWN",
    message:
      'Cannot compute with attribute "alpha" while its function is traced: found arithmetic of JavaScript, wanted methods of tensors, x.mul(alpha)',
  },
  {
    error: dispatchFailed("conv2d", [{
      backend: "webgpu",
      reason: "FEATURE_MISSING",
      detail: "too many arrays",
    }]),
    code: "DISPATCH_FAILED",
    message:
      'Cannot compute conv2d as wanted: found on "webgpu" FEATURE_MISSING (too many arrays), and fallbacks are refused',
  },
  {
    error: dataNotOnHost([2, 3]),
    code: "DATA_NOT_ON_HOST",
    message:
      "Cannot record a tensor of shape [2,3]: its elements are in a backend, read them first",
  },
  {
    error: gradientShapeMismatch("acme:f", "x", { found: [2], wanted: [3] }),
    code: "GRADIENT_SHAPE_MISMATCH",
    message:
      'Cannot differentiate acme:f: the gradient of input "x" has shape [2], wanted [3]',
  },
  {
    error: nonFiniteValue("loss", NaN),
    code: "NON_FINITE_VALUE",
    message: 'Cannot compute "loss": found NaN, wanted finite values only',
  },
  {
    error: notDifferentiable('operator "f"', "it has no gradient"),
    code: "NOT_DIFFERENTIABLE",
    message: 'Cannot differentiate operator "f": it has no gradient',
  },
  {
    error: notScalar("take the item", [2, 3]),
    code: "NOT_SCALAR",
    message:
      "Cannot take the item of a tensor of shape [2,3]: it must have exactly one element",
  },
  {
    error: operatorArity("add", ["left", "right"], 3),
    code: "OPERATOR_ARITY",
    message: "Cannot apply add to 3 inputs: it takes 2 (left, right)",
  },
  {
    error: operatorExists("add", "the library"),
    code: "OPERATOR_EXISTS",
    message: 'Cannot register operator "add": the name belongs to the library',
  },
  {
    error: operatorInvalid("f", [ISSUE]),
    code: "OPERATOR_INVALID",
    message: 'Cannot define operator "f": a[0]: Found 1, wanted 2',
  },
  {
    error: operatorNotFound("sotfmax", ["softmax", "sum"]),
    code: "OPERATOR_NOT_FOUND",
    message:
      'Cannot find operator "sotfmax": no operator has that name, did you mean "softmax"?',
  },
  {
    error: operatorNotFound("zzz", ["softmax"]),
    code: "OPERATOR_NOT_FOUND",
    message: 'Cannot find operator "zzz": no operator has that name',
  },
  {
    error: operatorOwned("acme:f", "acme"),
    code: "OPERATOR_OWNED",
    message:
      'Cannot unregister operator "acme:f": it belongs to plugin "acme" and goes with it',
  },
  {
    error: operatorProtected("add"),
    code: "OPERATOR_PROTECTED",
    message: 'Cannot unregister operator "add": it is built in',
  },
  {
    error: kernelFailed("acme:f", "wasm", { reason: "out of luck" }),
    code: "KERNEL_FAILED",
    message: 'Cannot compute acme:f by its kernel for "wasm": out of luck',
  },
  {
    error: kernelNotRecorded("acme:f"),
    code: "KERNEL_NOT_RECORDED",
    message:
      "Cannot record a call of acme:f: found kernels only, wanted an operator that the other side knows, or one with a forward function",
  },
  {
    error: wasmKernelInvalid("found imports, wanted none"),
    code: "WASM_KERNEL_INVALID",
    message: "Cannot use Wasm bytes as a kernel: found imports, wanted none",
  },
  {
    error: wasmKernelFailed("found 3 returned, wanted 0"),
    code: "WASM_KERNEL_FAILED",
    message: "Cannot compute by a Wasm kernel: found 3 returned, wanted 0",
  },
  {
    error: operatorCheckFailed("acme:f", ["schema: found 1"], { ok: false }),
    code: "OPERATOR_CHECK_FAILED",
    message: 'Cannot register operator "acme:f": schema: found 1',
  },
  {
    error: inferMismatch("acme:f", "wasm", { found: "1", wanted: "2" }),
    code: "OPERATOR_INFER_MISMATCH",
    message:
      'Cannot use what the kernel of acme:f for "wasm" gave: found 1, wanted 2',
  },
  {
    error: outputsSeveral("acme:f", ["a", "b"]),
    code: "OUTPUTS_SEVERAL",
    message:
      "Cannot call acme:f as a function: found 2 outputs (a, b), wanted one, or a call of execute()",
  },
  {
    error: placeholderUnbound("x"),
    code: "PLACEHOLDER_UNBOUND",
    message:
      'Cannot compute placeholder "x": it has no elements while its function is being recorded',
  },
  {
    error: shapeUnknown("dtype"),
    code: "SHAPE_UNKNOWN",
    message:
      "Cannot read the dtype of a tensor while its function is traced: one trace serves every dtype",
  },
  {
    error: tensorDataInvalid("found 1, wanted 2"),
    code: "TENSOR_DATA_INVALID",
    message: "Cannot make a tensor: found 1, wanted 2",
  },
  {
    error: tensorDisposed(6),
    code: "TENSOR_DISPOSED",
    message: "Cannot use a tensor of 6 elements: it has been disposed",
  },
  {
    error: traceInvalid([ISSUE, ISSUE]),
    code: "TRACE_INVALID",
    message:
      "Cannot read a graph: a[0]: Found 1, wanted 2\na[0]: Found 1, wanted 2",
  },
  {
    error: updateTargetInvalid("Tensor float32[2]", {
      value: "Tensor int32[2]",
      isData: true,
    }),
    code: "UPDATE_TARGET_INVALID",
    message:
      "Cannot update Tensor float32[2]: found Tensor int32[2], wanted the same dtype and shape",
  },
  {
    error: updateTargetInvalid("Tensor float32[2]", {
      value: "Tensor float32[2]",
      isData: false,
    }),
    code: "UPDATE_TARGET_INVALID",
    message: "Cannot update Tensor float32[2]: it must be realized before",
  },
];

Deno.test.each(ROWS.map((row) => row))(
  "TensorError has the code $code, a message and plain details",
  ({ error, code, message }) => {
    assertInstanceOf(error, TensorError);
    assertInstanceOf(error, TypeError);
    assertEquals(error.name, "TensorError");
    assertEquals(error.code, code);
    assertEquals(error.message, message);
    assertEquals(JSON.parse(JSON.stringify(error.details)), error.details);
  },
);

Deno.test("ERROR_CODES lists the codes that there are factories for", () => {
  const codes = new Set(ROWS.map(({ code }) => code));
  assertEquals([...codes].sort(), Object.keys(ERROR_CODES).sort());
});
