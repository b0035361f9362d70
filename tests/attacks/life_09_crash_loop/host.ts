import { assertEquals } from "@std/assert";
import type { WatchReport } from "../../../core/mod.ts";
import type { HostAct } from "../attack_case.ts";
import { causesOf } from "../causes.ts";

/** What is reported of the file that is looked at last. */
const WITNESS = "witness.js reloaded";

/** What ends itself is not started again before it has changed. */
export const act: HostAct = async ({ ecosystem: { loader }, moduleOf }) => {
  await using watched = await createFolder();
  let versions = 0;
  async function putWitness(): Promise<void> {
    const metadata = { id: "witness", version: `1.0.${++versions}` };
    const text = `export default { metadata: ${JSON.stringify(metadata)} };`;
    await watched.put("witness.js", text);
  }
  async function putAttacker(form: string): Promise<void> {
    const text = await Deno.readTextFile(new URL(moduleOf(form)));
    await watched.put("attacker.js", text);
  }
  await putAttacker("mod.js");
  await putWitness();
  const urls = ["attacker.js", "witness.js"].map(watched.urlOf);
  await loader.load(urls[0]!);
  await loader.load(urls[1]!, { isolation: "inline" });
  const pid = () =>
    loader.reports().find(({ pluginId }) => pluginId === "attack")?.pid;
  const first = pid();
  const reports = createQueue();
  await using _watch = loader.watch(urls, {
    debounceMs: 20,
    onReport: (report) => reports.add(shown(report)),
  });
  /** Puts a form of the attacker into place, and tells what came of it. */
  async function change(form: string): Promise<string[]> {
    await putAttacker(form);
    const seen: string[] = [];
    // The witness is looked at last: what sees its second change has begun after the attacker's.
    for (let looks = 0; looks < 2; looks++) {
      await putWitness();
      do seen.push(await reports.next()); while (seen.at(-1) !== WITNESS);
    }
    return seen.filter((line) => line !== WITNESS);
  }
  for (const form of ["exit.js", "throw.js"]) {
    assertEquals(await change(form), ["attacker.js SANDBOX_START_FAILED"]);
    assertEquals(await change(form), []);
    assertEquals(pid(), first);
  }
  assertEquals(await change("mod.js"), ["attacker.js reloaded"]);
};

/** A folder whose files change at once or not at all. */
async function createFolder() {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/watched`);
  return {
    urlOf: (name: string) => new URL(`file://${root}/watched/${name}`).href,
    async put(name: string, text: string): Promise<void> {
      await Deno.writeTextFile(`${root}/new`, text);
      await Deno.rename(`${root}/new`, `${root}/watched/${name}`);
    },
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

/** Lines in the order in which they came, for whoever waits for them. */
function createQueue() {
  const lines: string[] = [];
  let wake = () => {};
  return {
    add(line: string): void {
      lines.push(line);
      wake();
    },
    async next(): Promise<string> {
      while (lines.length === 0) {
        await new Promise<void>((resolve) => wake = resolve);
      }
      return lines.shift()!;
    },
  };
}

function shown(report: WatchReport): string {
  const name = report.specifier.split("/").at(-1);
  if (report.kind !== "failed") return `${name} ${report.kind}`;
  const codes = [...causesOf(report.error)].map((one) =>
    Reflect.get(one, "code")
  );
  return `${name} ${codes[0]}`;
}
