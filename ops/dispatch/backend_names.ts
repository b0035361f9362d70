/** Names of the backends that come with the library, the fastest first. */
export const LIBRARY_BACKENDS: readonly string[] = [
  "webgpu",
  "wasm",
  "reference",
];

/** Names of those that compute what others refuse, in this order. They can be made at any time. */
export const STAND_INS: readonly string[] = ["wasm", "reference"];

/** Names that mean backends under another name. */
const GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  ["cpu", ["wasm", "reference"]],
  ["wgpu", ["webgpu"]],
]);

/**
 * Finds which backends a name or a label means, in any case: `CPU` is what computes on the processor,
 * `WGPU` is `webgpu`.
 *
 * @param label The name.
 * @returns Names of backends; the name itself, in lower case, where it is no other word for any.
 */
export function backendsNamed(label: string): readonly string[] {
  const name = label.toLowerCase();
  return GROUPS.get(name) ?? [name];
}
