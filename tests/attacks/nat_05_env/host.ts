import { assertEquals } from "@std/assert";
import { runHost } from "../../../core/sandbox/run_host_test.ts";
import type { HostAct, Stage } from "../attack_case.ts";

const LOOK = `const names = [
  "LD_PRELOAD", "LD_LIBRARY_PATH", "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS", "DENO_DIR", "DENO_V8_FLAGS",
  "DENO_PERMISSION_BROKER_PATH", "SPIRALTORCH_CANARY", "HOME", "PATH",
];
// Without permission for variables, what is known of them is what they do.
const seen = names.filter((name) => { try { return process.env[name] !== undefined; } catch { return false; } });
console.log(JSON.stringify([seen, globalThis.preloaded ?? null, Deno.cwd()]));`;

/** The launcher's, then those of the shell that closes descriptors. */
const NAMES = [
  "DENO_DIR",
  "DENO_NO_UPDATE_CHECK",
  "DENO_WEBGPU_BACKEND",
  "NO_COLOR",
  "PWD",
  "SHLVL",
];

/** What stands in the environment of a host changes none of its sandboxes. */
export const act: HostAct = async (stage) => {
  const { folder, secrets } = stage.scene;
  const preload = `${folder}/preload.cjs`;
  await Deno.writeTextFile(preload, "globalThis.preloaded = true;");
  const hostile = {
    LD_LIBRARY_PATH: folder,
    NODE_OPTIONS: `--require=${preload}`,
    NODE_EXTRA_CA_CERTS: `${secrets}/secret.txt`,
    DENO_V8_FLAGS: "--expose-gc",
    SPIRALTORCH_CANARY: "seen",
  };
  const said = await runHost("launch.ts", {
    flags: ["-A"],
    args: [LOOK],
    through: [
      "/usr/bin/env",
      ...Object.entries(hostile).map(([name, value]) => `${name}=${value}`),
    ],
  });
  assertEquals(JSON.parse(said), [[], null, "/"]);
  await assertEnvironment(stage);
};

/** What the kernel keeps of a sandbox's environment is what the launcher has written, and what its shell adds. */
async function assertEnvironment(
  { ecosystem: { loader }, moduleOf }: Stage,
): Promise<void> {
  await loader.load(moduleOf());
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: [
      "-c",
      `tr "\\0" "\\n" < /proc/${loader.reports()[0]!.pid}/environ`,
    ],
  }).output();
  const names = new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.split("=")[0]);
  assertEquals(names.toSorted(), NAMES);
}
