import {
  DynamicPluginLoader,
  PluginEventBus,
  PluginRegistry,
} from "../core/mod.ts";
import {
  type Backend,
  createBackend,
  defaultBackend,
  resetDefaultBackend,
  setDefaultBackend,
} from "../kernels/mod.ts";
import { buildPipeline, parsePipeline } from "../nn/mod.ts";
import { connectEvents } from "./connect_events.ts";
import { modulesPoint } from "./contributions/modules_point.ts";
import { operatorsPoint } from "./contributions/operators_point.ts";
import type { Ecosystem, EcosystemOptions } from "./ecosystem.ts";
import { VERSION } from "./version.ts";

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
  options: EcosystemOptions = {},
): Promise<Ecosystem> {
  return makeEcosystem(options);
}

async function makeEcosystem(
  options: EcosystemOptions,
): Promise<Ecosystem> {
  const { backend = "auto", baseUrl, canOverride, log, signal } = options;
  const { overrides } = options;
  const stack = new AsyncDisposableStack();
  const chosen = await chooseBackend(backend, stack);
  const events = new PluginEventBus({ ...log && { log } });
  const { operators, modules } = connectEvents(events, {
    stack,
    log,
    operators: {
      ...canOverride && { canOverride },
      backends: () => [...new Set([chosen, defaultBackend()])],
    },
  });
  const plugins = new PluginRegistry({
    events,
    engineVersion: VERSION,
    contributionPoints: [
      operatorsPoint({ operators, events }),
      modulesPoint({ modules, events }),
    ],
    ...overrides && { overrides },
    ...log && { log },
  });
  stack.defer(async () => void await plugins.shutdown());
  const loader = stack.use(
    new DynamicPluginLoader({
      registry: plugins,
      // On first need: most programs never start a sandbox.
      sandbox: async () =>
        (await import("./sandbox_parts.ts")).makeSandboxParts(operators),
      ...baseUrl !== undefined && { baseUrl },
      ...log && { log },
    }),
  );
  const ecosystem: Ecosystem = {
    plugins,
    loader,
    events,
    operators,
    modules,
    backend: chosen,
    pipeline: async (config, options) =>
      (await ecosystem.recipe(config, options)).model,
    recipe: async (config, options) =>
      await buildPipeline(parsePipeline(config, modules), modules, options),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  const onAbort = () => void ecosystem[Symbol.asyncDispose]();
  signal?.addEventListener("abort", onAbort, { once: true });
  stack.defer(() => signal?.removeEventListener("abort", onAbort));
  return ecosystem;
}

/** Finds or makes the backend; what was made, and what was changed for it, is undone at the end. */
async function chooseBackend(
  backend: NonNullable<EcosystemOptions["backend"]>,
  stack: AsyncDisposableStack,
): Promise<Backend> {
  if (backend === "auto") return defaultBackend();
  const made = typeof backend === "string"
    ? await createBackend(backend)
    : undefined;
  const chosen = made ?? backend as Backend;
  if (made) stack.use(made);
  const former = setDefaultBackend(chosen);
  stack.defer(() => {
    // Somebody else may have chosen another one since.
    if (defaultBackend() !== chosen) return;
    if (former) setDefaultBackend(former);
    else resetDefaultBackend();
  });
  return chosen;
}
