import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { PluginError } from "../../errors.ts";
import { isPublicKey, openEnvelope } from "./open_envelope.ts";
import { createTestKey } from "./sign_index_test.ts";

const url = "https://plugins.example/index.json";

Deno.test("openEnvelope() gives what was signed, and by which of the keys that count", async () => {
  const [own, other] = [await createTestKey(), await createTestKey()];
  const envelope = await own.sign("hello");
  const keys = [other.text, own.text];
  const { payload, signer } = await openEnvelope(envelope, { url, keys });
  assertEquals(new TextDecoder().decode(payload), "hello");
  assertEquals(signer, own.signer);
});

Deno.test("isPublicKey() takes 32 bytes in base 64", () => {
  assertEquals(isPublicKey(new Uint8Array(32).toBase64()), true);
  for (const other of [new Uint8Array(31).toBase64(), "$", 7, undefined]) {
    assertEquals(isPublicKey(other), false);
  }
});

Deno.test("openEnvelope() refuses other payloads, types, keys and signatures by one code", async () => {
  const [own, other] = [await createTestKey(), await createTestKey()];
  const good = await own.sign('{"index":1}');
  const foreign = await other.sign('{"index":1}');
  const [{ sig }] = good["signatures"] as [{ sig: string }];
  const short = Uint8Array.fromBase64(sig).subarray(0, 63).toBase64();
  const bad = [
    { ...good, payload: "eyJpbmRleCI6Mn0=" },
    { ...good, payload: 7 },
    { ...good, payloadType: "application/json" },
    { ...good, signatures: [] },
    { ...good, signatures: "none" },
    { ...good, signatures: [{ sig: "" }] },
    { ...good, signatures: [{ sig: short }] },
    { ...good, signatures: [{ sig: "$" }, null, 7] },
    { ...good, signatures: Array(9).fill({ sig }) },
    foreign,
  ];
  for (const envelope of bad) {
    const error = await assertRejects(
      () => openEnvelope(envelope, { url, keys: [own.text] }),
      PluginError,
    );
    assertEquals(error.code, "SIGNATURE_INVALID");
  }
});

Deno.test("openEnvelope() never fails otherwise, whatever an envelope holds", async () => {
  const { text } = await createTestKey();
  const member = fc.oneof(fc.base64String(), fc.anything());
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        payload: member,
        payloadType: fc.constant("application/vnd.spiraltorch.index+json"),
        signatures: fc.oneof(fc.array(fc.record({ sig: member })), member),
      }),
      async (envelope) => {
        const error = await assertRejects(
          () => openEnvelope(envelope, { url, keys: [text] }),
          PluginError,
        );
        assertEquals(error.code, "SIGNATURE_INVALID");
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});
