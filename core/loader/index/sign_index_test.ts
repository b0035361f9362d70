// Not a test: keys, and indexes that are signed with them.

import { fingerprint, PAYLOAD_TYPE, preAuthEncoding } from "./open_envelope.ts";

/** A key that signs. */
export interface TestKey {
  /** The public key, in base 64. */
  readonly text: string;
  /** Its fingerprint. */
  readonly signer: string;
  /** Puts bytes into a signed envelope. */
  sign(payload: string): Promise<Record<string, unknown>>;
}

/** Makes a key. */
export async function createTestKey(): Promise<TestKey> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, [
    "sign",
    "verify",
  ]) as CryptoKeyPair;
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  const text = new Uint8Array(raw).toBase64();
  return {
    text,
    signer: await fingerprint(text),
    async sign(payload) {
      const bytes = new TextEncoder().encode(payload);
      const signed = preAuthEncoding(bytes);
      const signature = await crypto.subtle.sign(
        "Ed25519",
        pair.privateKey,
        signed,
      );
      return {
        payloadType: PAYLOAD_TYPE,
        payload: bytes.toBase64(),
        signatures: [{ sig: new Uint8Array(signature).toBase64() }],
      };
    },
  };
}
