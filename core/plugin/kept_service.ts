/** What a kept service stands for, whenever it is used. */
type Current = () => object;

/**
 * Makes an object that stands for another one, which may change or go: every use of it asks anew.
 * Methods that are taken out of it ask anew as well.
 *
 * @param current Finds the object; throws when there is none.
 * @returns What stands for it. It is a function if the object is one now.
 */
export function keptService(current: Current): object {
  const isFunction = typeof current() === "function";
  // A proxy promises nothing about a stand-in that has no properties of its own.
  const standIn: object = isFunction ? function () {} : {};
  return new Proxy(standIn, {
    get(_target, key) {
      const service = current();
      const value: unknown = Reflect.get(service, key, service);
      return typeof value === "function" ? method(current, key) : value;
    },
    set(_target, key, value) {
      const service = current();
      return Reflect.set(service, key, value, service);
    },
    has: (_target, key) => Reflect.has(current(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(current()),
    apply: (_target, self, args) => call(current(), self, args),
  });
}

function method(current: Current, key: PropertyKey): unknown {
  return (...args: readonly unknown[]) => {
    const service = current();
    return call(Reflect.get(service, key, service), service, args);
  };
}

function call(
  value: unknown,
  self: unknown,
  args: readonly unknown[],
): unknown {
  // What is no function any more is refused by the engine, as it would be without the stand-in.
  return Reflect.apply(value as (...args: unknown[]) => unknown, self, args);
}
