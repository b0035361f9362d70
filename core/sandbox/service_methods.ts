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
  for (const at of layersOf(service)) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (isCallable(name) && typeof valueAt(at, name) === "function") {
        names.add(name);
      }
    }
  }
  return [...names];
}

/**
 * Finds a method of a service or of its class. Nothing of the service runs: what a getter gives is none.
 *
 * @param service An object.
 * @param method Name of the method.
 * @returns What stands under the name, or `undefined`.
 */
export function findMethod(service: object, method: string): unknown {
  if (!isCallable(method)) return undefined;
  for (const at of layersOf(service)) {
    if (Object.hasOwn(at, method)) return valueAt(at, method);
  }
  return undefined;
}

/** An object and its classes, but for what all objects have. */
function* layersOf(service: object): Generator<object> {
  for (
    let at: object | null = service;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) yield at;
}

function valueAt(layer: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(layer, name)?.value;
}
