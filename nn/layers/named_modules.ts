import { assertInstance, listOf } from "../../core/base/mod.ts";
import { Module } from "../module.ts";

/**
 * Takes the modules that a container is made of.
 *
 * @param option Name of the argument, `modules of Sequential`.
 * @param modules The modules: a map, or a list, in which places are names.
 * @returns The modules by name, in order.
 * @throws {OptionError} `INVALID_OPTION` if it is neither, or one is no module.
 */
export function namedModules(
  option: string,
  modules: readonly Module[] | ReadonlyMap<string, Module>,
): ReadonlyMap<string, Module> {
  const named = modules instanceof Map ? new Map(modules) : new Map(
    listOf(option, modules as readonly Module[])
      .map((module, i) => [String(i), module] as const),
  );
  for (const [name, module] of named) {
    assertInstance(`"${name}" of the ${option}`, module, Module);
  }
  return named;
}
