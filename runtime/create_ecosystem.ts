import { DynamicPluginLoader } from "../core/mod.ts";
import { buildPipeline, parsePipeline } from "../nn/mod.ts";
import { optionsOf, setFallbackMode } from "../ops/mod.ts";
import { createAuditTrail } from "./audit_trail.ts";
import type { Ecosystem, EcosystemOptions } from "./ecosystem.ts";
import { makeRegistries, type Registries } from "./registries.ts";
import { terminalConsent } from "./terminal_consent.ts";

/**
 * Makes an ecosystem: the plugin system bound to tensors, modules and a backend. Two ecosystems
 * share nothing but the backend that computes by default.
 *
 * @example An ecosystem and a plugin that brings an operator
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createEcosystem, definePlugin, tensor } from "@spiraltorch/spiraltorch";
 *
 * await using ecosystem = await createEcosystem();
 * await ecosystem.plugins.register(definePlugin({
 *   metadata: { id: "acme.square", version: "1.0.0" },
 *   onLoad: (context) =>
 *     void context.operators.register({
 *       name: "acme:square",
 *       inputs: ["x"],
 *       forward: ([x]) => x!.mul(x!),
 *     }),
 * }));
 * const [y] = ecosystem.operators.execute("acme:square", [tensor([1, 2, 3])]);
 * assertEquals(await y!.array(), [1, 4, 9]);
 * ```
 *
 * @param options What computes, and where log lines go.
 * @returns The ecosystem, for the caller to dispose.
 * @throws {BackendError} `BACKEND_UNKNOWN` or `BACKEND_UNAVAILABLE` if the backend cannot be had.
 */
export function createEcosystem(
  options?: EcosystemOptions,
): Promise<Ecosystem> {
  return makeEcosystem(options);
}

async function makeEcosystem(
  given: EcosystemOptions | undefined,
): Promise<Ecosystem> {
  const options = optionsOf("createEcosystem", given);
  await using stack = new AsyncDisposableStack(); // runs here unless moved out below
  const registries = stack.use(makeRegistries(options));
  const ecosystem = await completeEcosystem(registries, options);
  stack.move();
  return ecosystem;
}

/**
 * Makes an ecosystem around registries that there are already.
 *
 * @param registries The registries, which the ecosystem disposes.
 * @param options What computes, and where plugins come from.
 * @returns The ecosystem, for the caller to dispose.
 * @throws {BackendError} `BACKEND_UNKNOWN` or `BACKEND_UNAVAILABLE` if the backend cannot be had; the
 * registries are as they were then.
 */
export async function completeEcosystem(
  registries: Registries,
  options: EcosystemOptions,
): Promise<Ecosystem> {
  const { baseUrl, log, signal } = options;
  const { lockfile, frozen, readOnly, cacheDir, policy, limits } = options;
  const { cacheBytesMax, consentDir, fetchLimits } = options;
  const { workerPermissions } = options;
  const { settings, plugins, events, operators, modules, zspace } = registries;
  const { backends, chosen } = registries;
  const { backend = "auto", fallback } = options;
  if (backend !== "auto") await chosen.choose(backend);
  settings.options = options;
  const stack = new AsyncDisposableStack();
  if (fallback !== undefined) {
    const former = setFallbackMode(fallback);
    stack.defer(() => void setFallbackMode(former));
  }
  stack.use(registries);
  const loader = stack.use(
    new DynamicPluginLoader({
      registry: plugins,
      // On first need: most programs never start a sandbox.
      sandbox: async () =>
        (await import("./sandbox_parts.ts")).makeSandboxParts(operators),
      ...baseUrl !== undefined && { baseUrl },
      ...log && { log },
      ...policy && { policy },
      ...limits && { limits },
      ...fetchLimits && { fetchLimits },
      consent: options.consent ?? terminalConsent(),
      audit: createAuditTrail({ ...options, events }),
      ...lockfile !== undefined && { lockfile },
      ...frozen !== undefined && { frozen },
      ...readOnly !== undefined && { readOnly },
      ...cacheDir !== undefined && { cacheDir },
      ...consentDir !== undefined && { consentDir },
      ...cacheBytesMax !== undefined && { cacheBytesMax },
      ...options.index && { index: options.index },
      ...workerPermissions !== undefined && { workerPermissions },
    }),
  );
  const ecosystem: Ecosystem = {
    plugins,
    loader,
    events,
    operators,
    modules,
    zspace,
    backends,
    get backend() {
      return chosen.current;
    },
    useBackend: (backend) => chosen.choose(backend),
    pipeline: async (config, options) =>
      (await ecosystem.recipe(config, options)).model,
    recipe: async (config, options) =>
      await buildPipeline(
        parsePipeline(config, modules, options),
        modules,
        options,
      ),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  const onAbort = () => void ecosystem[Symbol.asyncDispose]();
  signal?.addEventListener("abort", onAbort, { once: true });
  stack.defer(() => signal?.removeEventListener("abort", onAbort));
  return ecosystem;
}
