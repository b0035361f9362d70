import { assertEquals } from "@std/assert";
import { parseSafetensors } from "@spiraltorch/spiraltorch/nn";
import type { HostAct } from "../attack_case.ts";
import { codesOf } from "../failures.ts";
import { assertRefused } from "../refused_pipelines.ts";

/** Eight floats behind a header. */
function weights(header: unknown, length?: bigint): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + 32);
  new DataView(bytes.buffer)
    .setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const one = (data_offsets: readonly number[], shape = [8]) => ({
  dtype: "F32",
  shape,
  data_offsets,
});

/** Neither says what it may do. */
export const act: HostAct = async (stage) => {
  const policy = { allow: { env: ["A"] }, deny: { net: ["*"] }, hosts: [] };
  const before = structuredClone(policy);
  await using ecosystem = await stage.open({ policy });
  await assertRefused(
    { ...stage, ecosystem },
    ["permissions", "policy", "isolation", "tier", "trust"].flatMap((key) => [
      { modules: ["relu"], [key]: { run: ["*"], net: ["*"] } },
      { modules: [{ relu: { [key]: "inline" } }] },
    ]),
  );
  for (
    const bytes of [
      weights({ a: one([0, 64], [16]) }),
      weights({ a: one([-32, 0]) }),
      weights({ a: one([0, 32]), b: one([0, 32]) }),
      weights({ a: one([0, 32], [2 ** 53]) }),
      weights({ a: one([0, 32], [-8]) }),
      weights({ a: { ...one([0, 32]), permissions: { run: ["*"] } } }),
      weights({ a: one([0, 32]) }, 2n ** 63n),
      weights([]),
    ]
  ) {
    const codes = await codesOf(() => Promise.try(parseSafetensors, bytes));
    assertEquals(codes[0], "SAFETENSORS_INVALID");
  }
  assertEquals(policy, before);
};
