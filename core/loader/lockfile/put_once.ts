/**
 * Puts what is there and does not contradict what is there already.
 *
 * @param map What is there.
 * @param key What it is about.
 * @param value What is said about it.
 * @returns Whether it could be put.
 */
export function putOnce<K, V>(
  map: Map<K, V>,
  key: K | undefined,
  value: V | undefined,
): boolean {
  if (key === undefined || value === undefined) return false;
  const known = map.get(key);
  if (known !== undefined) {
    return JSON.stringify(known) === JSON.stringify(value);
  }
  map.set(key, value);
  return true;
}
