import { createEcosystem } from "../create_ecosystem.ts";
import type { Ecosystem } from "../ecosystem.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandInput, OptionDefinition } from "./command.ts";
import { isThere, workingFolderUrl } from "./files.ts";

/** The lockfile, beside which the command is started. */
export const LOCKFILE = "spiral.lock";

/** Loads plugins first, so that what they bring is there. */
export const PLUGIN_OPTION: OptionDefinition = {
  flags: "--plugin <specifier>",
  description: "load a plugin first: a path, a URL, jsr:… or npm:…",
  isRepeated: true,
};

/** Loads plugins that nothing confines, which alone may bring backends. */
export const INLINE_OPTION: OptionDefinition = {
  flags: "--inline <specifier>",
  description:
    "load a plugin into this process, where it may do what spiral may: one that you trust, or that brings a backend",
  isRepeated: true,
};

/** Chooses what computes. */
export const BACKEND_OPTION: OptionDefinition = {
  flags: "--backend <name>",
  description:
    "what computes: wasm, which is the default, webgpu, reference, or what a plugin brings",
};

/**
 * Does something with an ecosystem that has the plugins and the backend of the command line, and ends it.
 *
 * @param input The command line.
 * @param use What to do.
 * @param options Called with the ecosystem before any plugin is loaded.
 * @returns What came of it.
 */
export async function withEcosystem<T>(
  { options, io }: CommandInput,
  use: (ecosystem: Ecosystem) => T | Promise<T>,
  { onCreate }: {
    readonly onCreate?: (ecosystem: Ecosystem) => Promise<void>;
  } = {},
): Promise<T> {
  const plugins = options.list("plugin");
  const inline = options.list("inline");
  // Nothing is read that no plugin needs.
  const places = plugins.length + inline.length === 0 ? {} : {
    baseUrl: workingFolderUrl(),
    // Whoever trains a model has not chosen to lock a plugin.
    ...await isThere(LOCKFILE) ? { lockfile: LOCKFILE, readOnly: true } : {},
  };
  await using ecosystem = await createEcosystem({
    consent: io.consent,
    ...places,
  });
  using _telemetry = await telemetryOf(ecosystem, io);
  await onCreate?.(ecosystem);
  const { loader } = ecosystem;
  if (inline.length > 0) await loader.load(inline, { isolation: "inline" });
  if (plugins.length > 0) await loader.load(plugins);
  const backend = options.text("backend");
  if (backend !== undefined) await ecosystem.useBackend(backend);
  return await use(ecosystem);
}

/** Tells OpenTelemetry what is done, where Deno was started to send it. */
async function telemetryOf(
  { events }: Ecosystem,
  { env }: CliIo,
): Promise<Disposable | undefined> {
  if (!/^(1|true)$/.test(env("OTEL_DENO") ?? "")) return undefined;
  const { startTelemetry } = await import("../telemetry/mod.ts");
  return startTelemetry({ events });
}
