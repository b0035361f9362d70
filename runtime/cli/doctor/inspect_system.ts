import { expectedLimits, findSystemFolder } from "../../../core/tools.ts";
import { hasRelaxedSimd, hasSimd } from "../../../kernels/mod.ts";
import { VERSION } from "../../version.ts";
import {
  type AdapterFacts,
  PERMISSION_NAMES,
  type PermissionName,
  type SystemFacts,
} from "./system_facts.ts";

/** Where JSR answers those who look for packages. */
const JSR_HOST = "jsr.io";
const JSR_TIMEOUT_MS = 3_000;

/**
 * Looks at this machine and at what this process may do. Asks for no permission, and touches nothing that
 * it was not granted.
 *
 * @returns What is there.
 */
export async function inspectSystem(): Promise<SystemFacts> {
  const { os, arch } = Deno.build;
  const mayRunDeno = await mayRun();
  return {
    versions: { spiraltorch: VERSION, ...Deno.version },
    platform: `${os} ${arch}`,
    cores: navigator.hardwareConcurrency,
    wasm: {
      simd: hasSimd(),
      relaxedSimd: hasRelaxedSimd(),
      sharedMemory: typeof SharedArrayBuffer === "function",
    },
    adapter: await findAdapter(),
    permissions: await findPermissions(),
    sandbox: {
      mayRunDeno,
      limitsNotInForce: mayRunDeno ? await expectedLimits() : [],
    },
    cacheFolder: await findSystemFolder("cache"),
    jsr: await askJsr(),
  };
}

async function findAdapter(): Promise<AdapterFacts | undefined> {
  if (!("gpu" in navigator)) return undefined;
  const adapter = await navigator.gpu.requestAdapter().catch(() => null);
  if (!adapter) return undefined;
  const { vendor, description, isFallbackAdapter } = adapter.info;
  return { vendor, description, isSoftware: isFallbackAdapter === true };
}

async function findPermissions(): Promise<Record<PermissionName, string>> {
  const found = await Promise.all(PERMISSION_NAMES.map(async (name) => {
    const { state, partial } = await Deno.permissions.query({ name });
    return [name, partial ? "partial" : state] as const;
  }));
  return Object.fromEntries(found) as Record<PermissionName, string>;
}

async function mayRun(): Promise<boolean> {
  const { state } = await Deno.permissions.query({
    name: "run",
    command: Deno.execPath(),
  });
  return state === "granted";
}

async function askJsr(): Promise<SystemFacts["jsr"]> {
  const query = { name: "net", host: JSR_HOST } as const;
  if ((await Deno.permissions.query(query)).state !== "granted") {
    return undefined;
  }
  try {
    const response = await fetch(`https://${JSR_HOST}/@std/assert/meta.json`, {
      method: "HEAD",
      signal: AbortSignal.timeout(JSR_TIMEOUT_MS),
    });
    await response.body?.cancel();
    const { ok, status } = response;
    return { isReachable: ok, reason: `it answered ${status}` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { isReachable: false, reason };
  }
}
