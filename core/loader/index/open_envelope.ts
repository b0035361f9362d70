/**
 * Who signed an index: the envelope of DSSE, which signs bytes and not their meaning, so that nothing has to
 * be brought into a canonical form, and nothing is parsed that was not verified.
 *
 * **Source**: DSSE v1.0.0, "Protocol"; Ed25519 (RFC 8032) by WebCrypto.
 *
 * @module
 */
import { isPlainObject } from "../../base/mod.ts";
import { hashText, sha256 } from "../graph_digest.ts";
import { signatureInvalid } from "./errors.ts";

/** What the payload of an envelope must be. */
export const PAYLOAD_TYPE = "application/vnd.spiraltorch.index+json";

/** Most signatures that are tried. */
const SIGNATURES_MAX = 8;

/** What was signed, and by whom. */
export interface OpenedEnvelope {
  /** The bytes. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Fingerprint of the key. */
  readonly signer: string;
}

/** Where an envelope is, and which keys count. */
export interface OpenOptions {
  /** Its address, for errors. */
  readonly url: string;
  /** Public keys, 32 bytes in base 64. */
  readonly keys: readonly string[];
}

/**
 * Tells whether a document is an envelope.
 *
 * @param value What parsing it as JSON gave.
 * @returns Whether it is.
 */
export function isEnvelope(
  value: unknown,
): value is Readonly<Record<string, unknown>> {
  return isPlainObject(value) && "payload" in value;
}

/**
 * Opens an envelope.
 *
 * @param envelope The envelope, which is foreign.
 * @param options Which keys count.
 * @returns What was signed, and by which of the keys.
 * @throws {PluginError} `SIGNATURE_INVALID` if no key that counts has signed it.
 */
export async function openEnvelope(
  { payload, payloadType, signatures }: Readonly<Record<string, unknown>>,
  { url, keys }: OpenOptions,
): Promise<OpenedEnvelope> {
  const bytes = decode(payload);
  if (payloadType !== PAYLOAD_TYPE || bytes === undefined) {
    throw signatureInvalid(url, "an envelope of something else");
  }
  if (!Array.isArray(signatures) || signatures.length > SIGNATURES_MAX) {
    throw signatureInvalid(url, `no list of 1 to ${SIGNATURES_MAX} signatures`);
  }
  const signed = preAuthEncoding(bytes);
  const found = signatures.flatMap((each: unknown) =>
    (isPlainObject(each) && decode(each["sig"])) || []
  );
  for (const text of keys) {
    const key = await importKey(text);
    for (const signature of found) {
      const isGood = key !== undefined &&
        await crypto.subtle.verify("Ed25519", key, signature, signed);
      if (isGood) return { payload: bytes, signer: await fingerprint(text) };
    }
  }
  throw signatureInvalid(
    url,
    `none of ${keys.length} keys in ${found.length} signatures`,
  );
}

/**
 * Tells whether something can be a public key.
 *
 * @param key Anything.
 * @returns Whether it is 32 bytes in base 64.
 */
export function isPublicKey(key: unknown): key is string {
  return decode(key)?.length === 32;
}

/**
 * Names a public key.
 *
 * @param key The key, 32 bytes in base 64.
 * @returns `sha256-` and the digest of the bytes.
 */
export async function fingerprint(key: string): Promise<string> {
  return hashText(await sha256(Uint8Array.fromBase64(key)));
}

/**
 * Writes what is signed of a payload: its type and its bytes, each with its length.
 *
 * @param payload The payload.
 * @returns The bytes that a signature is about.
 */
export function preAuthEncoding(
  payload: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(
    `DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `,
  );
  const all = new Uint8Array(head.length + payload.length);
  all.set(head);
  all.set(payload, head.length);
  return all;
}

async function importKey(text: string): Promise<CryptoKey | undefined> {
  const raw = decode(text);
  if (raw?.length !== 32) return undefined;
  return await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"])
    // Not every 32 bytes are a point of the curve.
    .catch(() => undefined);
}

function decode(text: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (typeof text !== "string") return undefined;
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch {
    return undefined;
  }
}
