// What stands around an attack: secrets, a server, a bystander, and who watches the host.

import { cpuUsage } from "node:process";
import { createEcosystem, type Ecosystem } from "@spiraltorch/spiraltorch";
import { attackRoutes } from "./attack_server.ts";
import { CANARIES } from "./canary.ts";
import { findLook } from "./sight.ts";
import { Traces } from "./traces.ts";

/** A method that another plugin answers, to see that the host is there. */
interface Bystander {
  ping(): Promise<string>;
}

/** What stands around all attacks. */
export interface Scene {
  /** A folder with secrets in it, which nobody may change. */
  readonly secrets: string;
  /** A folder for the files of a case, which goes with its run. */
  readonly folder: string;
  /** Where attacks are served from. */
  readonly origin: string;
  /** Port of the server that nothing may reach. */
  readonly port: number;
  /** How often it was reached. */
  readonly hits: () => number;
  /** Asks a sandboxed plugin that has nothing to do with it. */
  readonly ping: () => Promise<string>;
  /** Number of that plugin's process. */
  readonly siblingPid: number;
  /** What cases could leave behind. */
  readonly traces: Traces;
}

/** A scene that stands until it is disposed. */
export interface StandingScene extends Scene, AsyncDisposable {
  /** Whether processes and sockets are seen on this machine. */
  readonly isSighted: boolean;
}

const BYSTANDER = `export default {
  metadata: { id: "bystander", version: "1.0.0" },
  onLoad: ({ services }) =>
    void services.provide("bystander", { ping: () => "pong" }),
};`;

/**
 * Sets the scene: from here on this process runs in a folder of its own, where nobody else writes, and so
 * do its temporary files and caches.
 */
export async function setScene(): Promise<StandingScene> {
  await using stage = new AsyncDisposableStack();
  const root = await Deno.realPath(await Deno.makeTempDir());
  stage.defer(() => Deno.remove(root, { recursive: true }));
  const [secrets, folder, cache, home] = ["secrets", "tmp", "cache", "home"]
    .map((name) => `${root}/${name}`) as [string, string, string, string];
  for (const path of [secrets, folder, cache, home]) await Deno.mkdir(path);
  stage.use(enterFolder(home));
  stage.use(setVariables({
    // What this process starts shall find the modules that are there.
    DENO_DIR: denoFolder(),
    // What a driver keeps of the shaders of a granted GPU is no trace of a case.
    MESA_SHADER_CACHE_DISABLE: "true",
    SPIRALTORCH_CANARY: CANARIES.env,
    TMPDIR: folder,
    XDG_CACHE_HOME: cache,
  }));
  await putSecrets(secrets);
  const server = stage.use(serveAttacks(`${secrets}/linked`));
  const look = await findLook();
  const ecosystem = stage.use(await createEcosystem());
  const bystander = await loadBystander(ecosystem, `${root}/bystander.js`);
  const traces = new Traces({
    look,
    trees: [secrets, folder, cache],
    // Sandboxes run in the one, this process in the other.
    folders: ["/", home],
  });
  await traces.remember();
  const [report] = ecosystem.loader.reports();
  const owned = stage.move();
  return {
    ...server,
    secrets,
    folder,
    traces,
    isSighted: look !== undefined,
    ping: () => bystander.ping(),
    siblingPid: report!.pid!,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Puts secrets into a folder, and a link out of it. */
async function putSecrets(folder: string): Promise<void> {
  const { file } = CANARIES;
  await Deno.writeTextFile(`${folder}/secret.txt`, file);
  await Deno.writeTextFile(`${folder}/mod.js`, `export default "${file}"`);
  await Deno.mkdir(`${folder}/linked`);
  await Deno.symlink("/etc", `${folder}/linked/out`);
}

/** Serves what attacks are made of; who asks for anything else has reached a secret. */
function serveAttacks(linked: string) {
  let hits = 0;
  const routes = attackRoutes(linked);
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = Deno.serve(options, ({ url }) => {
    const { pathname, origin } = new URL(url);
    const answer = routes(pathname, origin);
    if (answer === undefined) hits++;
    return answer ?? new Response(`export default "${CANARIES.server}"`);
  });
  const { port } = server.addr;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    hits: () => hits,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function loadBystander(
  ecosystem: Ecosystem,
  file: string,
): Promise<Bystander> {
  await Deno.writeTextFile(file, BYSTANDER);
  await ecosystem.loader.load(`file://${file}`);
  return await serviceOf<Bystander>(ecosystem, "bystander");
}

/** Makes a folder the one that this process runs in, until that is disposed. */
function enterFolder(folder: string): Disposable {
  const before = Deno.cwd();
  Deno.chdir(folder);
  return { [Symbol.dispose]: () => Deno.chdir(before) };
}

/** Sets variables of this process until they are disposed. */
function setVariables(values: Readonly<Record<string, string>>): Disposable {
  const before = Object.keys(values).map((name) =>
    [name, Deno.env.get(name)] as const
  );
  for (const [name, value] of Object.entries(values)) Deno.env.set(name, value);
  return {
    [Symbol.dispose]() {
      for (const [name, value] of before) {
        if (value === undefined) Deno.env.delete(name);
        else Deno.env.set(name, value);
      }
    },
  };
}

/** Where the platform keeps modules, on Linux. */
function denoFolder(): string {
  const { DENO_DIR, XDG_CACHE_HOME, HOME } = Deno.env.toObject();
  return DENO_DIR ?? `${XDG_CACHE_HOME ?? `${HOME}/.cache`}/deno`;
}

/** Finds the service of a plugin, as another plugin sees it. */
export async function serviceOf<T extends object>(
  { plugins }: Ecosystem,
  id: string,
): Promise<T> {
  const found = Promise.withResolvers<T>();
  await plugins.register({
    metadata: { id: `${id}-user`, version: "1.0.0" },
    onLoad: ({ services }) => found.resolve(services.require<T>(`${id}/${id}`)),
  });
  return await found.promise;
}

/** What the host was under. */
export interface Strain {
  /** The longest time in which its own thread has computed, in milliseconds. */
  readonly busyMs: number;
  /** The longest time at all, in milliseconds: waiting for a processor is part of it. */
  readonly awayMs: number;
  /** The most that it held beyond what it had held before, in bytes. */
  readonly heldBytes: number;
}

/** Watches how long the host's own thread is away at a stretch, and what it holds. */
export function watchHost(): Disposable & { readonly strain: () => Strain } {
  let busyMs = 0;
  let awayMs = 0;
  const before = heldBytes();
  let most = before;
  let lastMs = performance.now();
  let used = cpuUsage();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const spent = cpuUsage(used);
    // Waiting for a processor is no work: of a gap, only what was computed in it counts.
    const computedMs = (spent.user + spent.system) / 1000;
    awayMs = Math.max(awayMs, nowMs - lastMs);
    busyMs = Math.max(busyMs, Math.min(nowMs - lastMs, computedMs));
    most = Math.max(most, heldBytes());
    lastMs = nowMs;
    used = cpuUsage();
  }, 10);
  return {
    strain: () => ({ busyMs, awayMs, heldBytes: most - before }),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** Objects and buffers of this thread, garbage included. */
function heldBytes(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
