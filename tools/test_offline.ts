/**
 * Runs a task as a newcomer does: in a clone, with Node and nothing else on the path, and nothing cached;
 * then again without a network. For Linux, whose `unshare` takes the network away.
 *
 * `deno task test:offline`, or `deno task test:offline test` for the whole suite
 *
 * @module
 */
import { ROOT } from "./project_files.ts";

/** Takes the network away, but for this machine's own. */
const WITHOUT_NETWORK = ["-rn", "sh", "-c", 'ip link set lo up; exec "$@"'];

/** Where tools lie; what is called as Deno is left out. */
const FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/** Runs a command in a folder where its user sees what it writes, and requires that it ends well. */
async function run(
  [command, ...args]: readonly string[],
  options: Omit<Deno.CommandOptions, "args">,
): Promise<void> {
  const child = new Deno.Command(command!, { ...options, args }).spawn();
  const { code } = await child.status;
  if (code !== 0) {
    throw new Error(`Cannot run ${command} ${args.join(" ")}: found ${code}`);
  }
}

/** Makes a folder with links to all tools of this machine but Deno. */
async function linkTools(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  for (const source of FOLDERS) {
    const files = await Array.fromAsync(Deno.readDir(source)).catch(() => []);
    for (const { name } of files) {
      if (name === "deno" || name === "dx") continue;
      await Deno.symlink(`${source}/${name}`, `${folder}/${name}`)
        .catch(() => {}); // the folder before has it
    }
  }
}

/** The version that is named everywhere. */
async function readVersion(): Promise<string> {
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  return /npx -y (deno@[\d.]+)/.exec(readme)![1]!;
}

const [task = "demo"] = Deno.args;
const folder = await Deno.makeTempDir();
try {
  await linkTools(`${folder}/tools`);
  await Deno.mkdir(`${folder}/home`);
  await run(["git", "clone", "--quiet", ROOT.pathname, `${folder}/clone`], {});
  const certificates = Deno.env.get("NODE_EXTRA_CA_CERTS");
  const options = {
    cwd: `${folder}/clone`,
    clearEnv: true,
    env: {
      HOME: `${folder}/home`,
      PATH: `${folder}/tools`,
      // A proxy of this machine may have a certificate of its own.
      ...certificates !== undefined && {
        NODE_EXTRA_CA_CERTS: certificates,
        DENO_CERT: certificates,
      },
    },
  };
  const tool = (name: string) => `${folder}/tools/${name}`;
  const command = [tool("npx"), "-y", await readVersion(), "task", task];
  await run(command, options);
  await run([tool("unshare"), ...WITHOUT_NETWORK, "sh", ...command], options);
} finally {
  await Deno.remove(folder, { recursive: true });
}
