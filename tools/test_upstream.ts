/**
 * Runs the suite against a checkout of denoland/std instead of `vendor/std`:
 *
 * `deno task test:upstream DIR`
 *
 * The project is copied to a folder of its own, whose `deno.json` links to DIR, so that nothing of
 * the working tree is touched and the very same tasks run. DIR is linked as a whole: the packages
 * of std import each other, and a workspace answers for all of its members without any network.
 *
 * @module
 */
import { ROOT } from "./project_files.ts";

/** What the copy does without: history, results, and the lock of the other links. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ".git",
  "coverage",
  "deno.lock",
  "node_modules",
]);

/** Copies the folder `from` to `to`, which exists, but for the names in `leftOut`. */
async function copyFolder(
  from: URL,
  to: URL,
  leftOut: ReadonlySet<string> = new Set(),
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (leftOut.has(name)) continue;
    if (isDirectory) {
      const folder = new URL(`./${name}/`, to);
      await Deno.mkdir(folder);
      await copyFolder(new URL(`./${name}/`, from), folder);
    } else {
      await Deno.copyFile(new URL(`./${name}`, from), new URL(`./${name}`, to));
    }
  }
}

/** What is missing in `std` of the packages that the manifest names as `jsr:@std/*`. */
async function lacking(
  std: string,
  imports: Readonly<Record<string, string>>,
): Promise<string[]> {
  const names = Object.entries(imports)
    .filter(([, target]) => target.startsWith("jsr:@std/"))
    .map(([name]) => name.replace("@std/", "").replaceAll("-", "_"));
  const missing: string[] = [];
  for (const name of names) {
    const file = `${std}/${name}/deno.json`;
    await Deno.stat(file).catch(() => missing.push(file));
  }
  return missing;
}

/** Ends with a message for the one who typed the command. */
function refuse(message: string): never {
  // deno-lint-ignore no-console -- this is a command, and its user reads here
  console.error(message);
  Deno.exit(2);
}

/** What of a `deno.json` is read here. */
interface Manifest {
  readonly imports: Readonly<Record<string, string>>;
  readonly compilerOptions: Readonly<Record<string, unknown>>;
}

async function readManifest(path: string | URL): Promise<Manifest> {
  return JSON.parse(await Deno.readTextFile(path));
}

/** Copies the project, links it to `std` and runs its tests there. */
async function testAgainst(std: string): Promise<number> {
  const manifest = await readManifest(new URL("./deno.json", ROOT));
  const missing = await lacking(std, manifest.imports);
  if (missing.length > 0) {
    refuse(
      `Cannot test against ${std}: found no ${
        missing.join(", no ")
      }, wanted a checkout of denoland/std`,
    );
  }
  const folder = await Deno.makeTempDir({ prefix: "spiraltorch_upstream_" });
  try {
    const copy = new URL(`file://${folder}/`);
    await copyFolder(ROOT, copy, LEFT_OUT);
    // What is linked is checked as if it were ours, so its own rules have to do.
    const { compilerOptions } = await readManifest(`${std}/deno.json`);
    await Deno.writeTextFile(
      new URL("./deno.json", copy),
      JSON.stringify(
        { ...manifest, compilerOptions, links: [std], lock: false },
        null,
        2,
      ),
    );
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "test"],
      cwd: copy,
    }).spawn().status;
    return code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const [directory] = Deno.args.filter((argument) => argument !== "--");
  if (directory === undefined) refuse("Usage: deno task test:upstream DIR");
  Deno.exit(await testAgainst(await Deno.realPath(directory)));
}
