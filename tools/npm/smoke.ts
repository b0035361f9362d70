/**
 * Makes the package for Node, installs it in an empty folder, and runs a program there with Node 20: the
 * one on the path, or that of npm's package `node`.
 *
 * `deno task test:npm`
 *
 * @module
 */
import { ROOT } from "../project_files.ts";
import { packForNode } from "./pack.ts";

/** Runs a command where its user sees what it writes, and requires that it ends well. */
async function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<void> {
  const child = new Deno.Command(command, { args: [...args], cwd }).spawn();
  const { code } = await child.status;
  if (code !== 0) {
    throw new Error(`Cannot run ${command}: it ended with ${code}`);
  }
}

/** Tells whether the Node on the path is the oldest that the package is for. */
async function isNode20(): Promise<boolean> {
  const command = new Deno.Command("node", { args: ["--version"] });
  const output = await command.output().catch(() => undefined);
  return output !== undefined &&
    new TextDecoder().decode(output.stdout).startsWith("v20.");
}

const folder = await Deno.makeTempDir();
try {
  const archive = `${folder}/spiraltorch.tgz`;
  await packForNode(archive);
  await Deno.writeTextFile(`${folder}/package.json`, '{ "type": "module" }');
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  await run("npm", ["install", ...quiet, archive], folder);
  const program = new URL("tools/npm/smoke.mjs", ROOT);
  await Deno.copyFile(program, `${folder}/smoke.mjs`);
  const node = await isNode20() ? ["node"] : ["npx", "-y", "node@20"];
  await run(node[0]!, [...node.slice(1), "smoke.mjs"], folder);
} finally {
  await Deno.remove(folder, { recursive: true });
}
