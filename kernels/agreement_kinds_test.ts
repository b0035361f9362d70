/** Every kind of kernels is held against an oracle, on a GPU too. */
import { assert } from "@std/assert";
import type { Kernel } from "./ir/mod.ts";

/** The files; a kind that has none does not compile. */
const FILES: Readonly<Record<Kernel["kind"], string>> = {
  assemble: "windows_agreement_test.ts",
  attention: "attention_agreement_test.ts",
  contract: "agreement_test.ts",
  convolution: "convolution_agreement_test.ts",
  map: "agreement_test.ts",
  // The code of operators is of one backend: opaque_agreement_test.ts is that of Wasm.
  opaque: "webgpu/opaque/foreign_shaders_test.ts",
  random: "agreement_test.ts",
  reduce: "agreement_test.ts",
  rowProgram: "row_program_agreement_test.ts",
  rows: "agreement_test.ts",
  scan: "agreement_test.ts",
  scatter: "agreement_test.ts",
  scatterMax: "windows_agreement_test.ts",
  sort: "agreement_test.ts",
};

/** What runs kernels on a GPU. */
const RUNS_ON_GPU = /testAgreement\(|create(?:Web)?GpuBackend\(/;

Deno.test.each(Object.entries(FILES).map(([kind, file]) => ({ kind, file })))(
  "kernels of kind $kind are held against an oracle by $file",
  async ({ kind, file }) => {
    const text = await Deno.readTextFile(new URL(file, import.meta.url));
    assert(text.includes(`"${kind}"`), `${file} has no kernel of that kind`);
    assert(RUNS_ON_GPU.test(text), `${file} runs nothing on a GPU`);
  },
);
