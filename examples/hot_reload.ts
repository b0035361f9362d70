/**
 * A plugin whose file is edited while it runs: a new version takes over what the old one has counted; an
 * edit that is broken changes nothing, and is told.
 *
 * Permissions, the least that work:
 * - `--allow-read=out`: the plugin's source, which is watched
 * - `--allow-write=out`: the edits
 * - `--allow-run`: the plugin's processes, and the tools that lock them down
 *
 * `deno run --allow-read=out --allow-write=out --allow-run examples/hot_reload.ts`
 *
 * @module
 */
import {
  createEcosystem,
  type Ecosystem,
  tensor,
  terminal,
} from "@spiraltorch/spiraltorch";

/** Writes one line. */
type Print = (line: string) => void;

const FILE = "./amplifier.js";

/** The plugin's source in a version, with the factor that its operator multiplies by. */
function sourceOf(version: string, factor: number): string {
  return `import { definePlugin } from "@spiraltorch/spiraltorch/plugin";

let count = 0;

export default definePlugin({
  metadata: { id: "example.amplifier", version: "${version}" },
  eventTypes: ["demo:step"],
  onLoad: ({ operators }) =>
    void operators.register({
      name: "amplifier:gain",
      inputs: ["x"],
      forward: ([x]) => x.mul(${factor}),
    }),
  onEvent() {
    count++;
  },
  saveState: () => count,
  restoreState(state, { log }, from) {
    count = state;
    log.info(\`\${count} steps from \${from}\`);
  },
});
`;
}

/** Makes a folder for the plugin, which goes at the end. */
async function makeFolder(stack: AsyncDisposableStack): Promise<string> {
  const folder = `out/hot_reload_${Deno.pid}/`;
  await Deno.mkdir(folder, { recursive: true });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  return folder;
}

/** Calls the plugin's operator, whatever it is by now. */
async function tellGain(
  { operators, plugins }: Ecosystem,
  print: Print,
): Promise<void> {
  const [y] = operators.execute("amplifier:gain", [tensor([1, 2, 3])]);
  const { version } = plugins.get("example.amplifier")!;
  print(`  ${version}: ${(await y!.data()).join(" ")}`);
}

/**
 * Runs the program.
 *
 * @param print Writes one line.
 */
export async function runHotReload(print: Print): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const folder = await makeFolder(stack);
  // At one stroke, as editors do: half a file is never seen.
  const write = async (source: string) => {
    await Deno.writeTextFile(`${folder}edited`, source);
    await Deno.rename(`${folder}edited`, `${folder}${FILE}`);
  };

  const ecosystem = stack.use(
    await createEcosystem({
      baseUrl: new URL(`../${folder}`, import.meta.url),
      log: ({ message }) => print(`  ${message}`),
    }),
  );
  const { events, loader } = ecosystem;
  await write(sourceOf("1.0.0", 2));
  await loader.load(FILE);
  print("As it was loaded");
  await tellGain(ecosystem, print);
  for (let i = 0; i < 3; i++) {
    const event = { kind: "Custom", eventType: "demo:step", data: i } as const;
    await events.publishAsync(event);
  }

  // Each edit is waited for by what comes of it.
  let heard = Promise.withResolvers<void>();
  await using _watch = loader.watch(FILE, {
    onReport(report) {
      if (report.kind === "reloaded") {
        for (const { from, to } of report.reports) print(`  ${from} -> ${to}`);
      } else print(`  ${report.kind}, the old one runs on`);
      heard.resolve();
    },
  });
  const edits = [
    { what: "A new version", source: sourceOf("1.1.0", 10) },
    { what: "A slip of the pen", source: "export default {" },
    { what: "Repaired", source: sourceOf("1.1.1", 100) },
  ];
  for (const { what, source } of edits) {
    print(what);
    heard = Promise.withResolvers();
    await write(source);
    await heard.promise;
    await tellGain(ecosystem, print);
  }
}

if (import.meta.main) {
  const out = terminal();
  await runHotReload((line) => out.write(`${line}\n`));
}
