/**
 * Tells whether a method may be called from outside: not what belongs to every object, or to nobody
 * else.
 *
 * @param method Its name.
 * @returns Whether it may.
 */
export function isCallable(method: string): boolean {
  return !method.startsWith("_") && !(method in Object.prototype) &&
    method !== "then" && method !== "prototype";
}

/**
 * Lists what of a service can be called from outside.
 *
 * @param service An object, its class included, or a function.
 * @returns The names of its methods; `null` if it is a function.
 */
export function methodsOf(service: object): readonly string[] | null {
  if (typeof service === "function") return null;
  const names = new Set<string>();
  for (
    let at: object | null = service;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const value = Object.getOwnPropertyDescriptor(at, name)?.value;
      if (typeof value === "function" && isCallable(name)) names.add(name);
    }
  }
  return [...names];
}
