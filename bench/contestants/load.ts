import type { ContestantName } from "../results.ts";
import type { Contestant } from "./contestant.ts";
import type { LoadOptions } from "./load_options.ts";

/**
 * Loads a contestant, and nothing of the others.
 *
 * @param name Which one.
 * @param options How many threads it may use.
 * @returns The contestant.
 */
export async function loadContestant(
  name: Exclude<ContestantName, "ceiling">,
  options: LoadOptions,
): Promise<Contestant> {
  switch (name) {
    case "ours":
      return await (await import("./ours.ts")).loadOurs(options);
    case "alone":
      return await (await import("./ours.ts")).loadOurs({
        ...options,
        threads: 1,
      });
    case "tfjs":
      return await (await import("./tfjs.ts")).loadTfjs(options);
    case "ort":
      return await (await import("./ort.ts")).loadOrt(options);
    case "jax":
      return await (await import("./jax.ts")).loadJax(options);
    case "litert":
      return await (await import("./litert.ts")).loadLitert();
    default:
      return name satisfies never;
  }
}
