// What stands around an attack: secrets, a server, a bystander, and who watches the host.

import { cpuUsage } from "node:process";
import { createEcosystem, type Ecosystem } from "@spiraltorch/spiraltorch";
import { attackRoutes } from "./attack_server.ts";

/** What no message, log line or error may hold. */
export const CANARY = "canary-7e41b9";

/** A method that another plugin answers, to see that the host is there. */
interface Bystander {
  ping(): Promise<string>;
}

/** What stands around all attacks. */
export interface Scene extends AsyncDisposable {
  /** A folder with secrets in it. */
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
}

const BYSTANDER = `export default {
  metadata: { id: "bystander", version: "1.0.0" },
  onLoad: ({ services }) =>
    void services.provide("bystander", { ping: () => "pong" }),
};`;

/** Sets the scene. */
export async function setScene(): Promise<Scene> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(`${folder}/secret.txt`, CANARY);
  await Deno.writeTextFile(`${folder}/mod.js`, `export default "${CANARY}"`);
  await Deno.writeTextFile(`${folder}/bystander.js`, BYSTANDER);
  await Deno.mkdir(`${folder}/linked`);
  await Deno.symlink("/etc", `${folder}/linked/out`);
  Deno.env.set("SPIRALTORCH_CANARY", CANARY);
  let hits = 0;
  const routes = attackRoutes(`${folder}/linked`);
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = Deno.serve(options, ({ url }) => {
    const { pathname, origin } = new URL(url);
    const answer = routes(pathname, origin);
    if (answer === undefined) hits++;
    return answer ?? new Response(`export default "${CANARY}"`);
  });
  const ecosystem = await createEcosystem();
  await ecosystem.loader.load(`file://${folder}/bystander.js`);
  const bystander = await serviceOf<Bystander>(ecosystem, "bystander");
  const { port } = server.addr;
  return {
    folder,
    origin: `http://127.0.0.1:${port}`,
    port,
    hits: () => hits,
    ping: () => bystander.ping(),
    siblingPid: ecosystem.loader.reports()[0]!.pid!,
    async [Symbol.asyncDispose]() {
      await ecosystem[Symbol.asyncDispose]();
      await server.shutdown();
      Deno.env.delete("SPIRALTORCH_CANARY");
      await Deno.remove(folder, { recursive: true });
    },
  };
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

/** Watches how long the host's own thread is busy at a stretch. */
export function watchHost(): Disposable & { readonly busyMs: () => number } {
  let busyMs = 0;
  let lastMs = performance.now();
  let used = cpuUsage();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const spent = cpuUsage(used);
    // Waiting for a processor is no work: of a gap, only what was computed in it counts.
    const computedMs = (spent.user + spent.system) / 1000;
    busyMs = Math.max(busyMs, Math.min(nowMs - lastMs, computedMs));
    lastMs = nowMs;
    used = cpuUsage();
  }, 10);
  return {
    busyMs: () => busyMs,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
