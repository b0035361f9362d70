import { asyncHooks } from "../../core/base/mod.ts";
import { NnError } from "../errors.ts";
import { moduleLoop } from "./module_errors.ts";

/** How many creations may be in each other. */
const DEPTH_MAX = 32;

/**
 * The creations that a factory is in, when factories create what they are made of: also beyond what
 * they await, and without those that run beside them.
 */
export class CreationPath {
  readonly #types = new (asyncHooks().AsyncLocalStorage)<readonly string[]>();

  /**
   * Creates something, as part of the creation that asks for it.
   *
   * @param type Name of its type.
   * @param create Creates it.
   * @returns What was created.
   * @throws {NnError} `MODULE_LOOP` if it is in too many others.
   */
  run<T>(type: string, create: () => T): T {
    const path = [...this.#types.getStore() ?? [], type];
    if (path.length > DEPTH_MAX) throw moduleLoop(path);
    return this.#types.run(path, create);
  }
}

/**
 * Tells whether an error has ended a loop: what the factories around it have to say adds nothing.
 *
 * @param error What was thrown.
 * @returns Whether it has.
 */
export function isModuleLoop(error: unknown): error is NnError {
  return error instanceof NnError && error.code === "MODULE_LOOP";
}
