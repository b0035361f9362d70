import { assertFunction, isCoded } from "../../core/base/mod.ts";
import type { Isolation, LoadOptions } from "../../core/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { AssertionError } from "../assert_close.ts";
import type { ConformanceCase } from "../conformance/conformance_case.ts";
import {
  createTestHost,
  type TestHost,
  type TestHostOptions,
} from "./test_host.ts";

/** Options of {@linkcode isolationCases}. */
export interface IsolationCasesOptions {
  /**
   * Where the plugin runs.
   *
   * @default {["inline", "worker", "process"]}
   */
  readonly isolations?: readonly Isolation[];
  /** How the host is made: its policy, its limits. */
  readonly host?: TestHostOptions;
  /** How the plugin is loaded: its permissions, its settings. */
  readonly load?: Omit<LoadOptions, "isolation">;
}

/**
 * Lists tests of a plugin in each isolation: it is loaded, does there what it should, and is unloaded. Of
 * what it brought nothing may be left then, and nothing may have failed on the way.
 *
 * @example A plugin in this process, in a worker, and in a process of its own
 * ```ts ignore
 * import { isolationCases } from "@spiraltorch/spiraltorch/testing";
 *
 * const cases = isolationCases(import.meta.resolve("./mod.ts"), async (host) => {
 *   const [y] = host.ecosystem.operators.execute("acme:swish", [tensor([1])]);
 *   assertAlmostEquals(await y!.item(), 0.7310586, 1e-6);
 * });
 * for (const { name, run } of cases) Deno.test(`acme.swish ${name}`, run);
 * ```
 *
 * @param specifier Where its module is.
 * @param check What it does.
 * @param options Where it runs, and what it may do.
 * @returns The tests.
 * @throws {OptionError} `INVALID_OPTION` if there is no function.
 */
export function isolationCases(
  specifier: string,
  check: (host: TestHost) => void | Promise<void>,
  options?: IsolationCasesOptions,
): readonly ConformanceCase[] {
  assertFunction("isolationCases check", check);
  const {
    isolations = ["inline", "worker", "process"],
    host: hostOptions = {},
    load = {},
  } = optionsOf<IsolationCasesOptions>("isolationCases", options);
  return isolations.map((isolation) => ({
    name: `keeps its promises with isolation ${isolation}`,
    async run() {
      await using host = await createTestHost(hostOptions);
      const before = namesOf(host);
      const handle = await host.loadFrom(specifier, { ...load, isolation });
      await check(host);
      try {
        await host.ecosystem.loader.unload(specifier);
      } catch (error) {
        // It is gone, and its end is among the failures.
        if (codeOf(error) !== "PLUGIN_UNLOAD_FAILED") throw error;
      }
      const left = [...namesOf(host)].filter((name) => !before.has(name));
      const problems = [
        ...host.failures,
        ...left.map((name) => `left behind: ${name}`),
        ...handle.contributions().map((line) => `still owned: ${line}`),
      ];
      if (problems.length === 0) return;
      throw new AssertionError(
        `Cannot accept plugin "${handle.id}": found ${problems.join("; ")}`,
      );
    },
  }));
}

function codeOf(error: unknown): string | undefined {
  return isCoded(error) ? error.code : undefined;
}

/** What can be found by name on a host. */
function namesOf({ ecosystem }: TestHost): Set<string> {
  const { operators, modules, plugins } = ecosystem;
  return new Set([
    ...operators.listOperators().map((name) => `operator ${name}`),
    ...modules.listModules().map((name) => `module ${name}`),
    ...plugins.listPlugins().map((id) => `plugin ${id}`),
  ]);
}
