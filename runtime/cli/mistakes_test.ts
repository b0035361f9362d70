// What people do wrong at first: each is told what was found, what was wanted, and so what to do, on one
// line, and before anything is trained.

import { assertEquals } from "@std/assert";
import { runSpiral } from "./fake_io_test.ts";

/** A config with one part of it replaced. */
function config(change: Readonly<Record<string, string>> = {}): string {
  const parts = {
    input: "[batch, 2]",
    modules: "[{ linear: { inFeatures: 2, outFeatures: 1 } }]",
    loss: "mse",
    optimizer: "adam",
    ...change,
  };
  return Object.entries(parts).map(([name, text]) => `${name}: ${text}\n`)
    .join("");
}

/** The command, told of a config by the name `config`. */
const MISTAKES: readonly {
  readonly line: string;
  readonly text?: string;
  readonly want: string;
}[] = [
  {
    line: "train no_such.yaml",
    want:
      'CLI_FILE_UNREADABLE]: Cannot use "no_such.yaml": found no such file or folder, wanted one that is there',
  },
  {
    line: "train examples",
    want:
      'CLI_FILE_UNREADABLE]: Cannot use "examples": found a folder, wanted a file',
  },
  {
    line: "train config",
    text: config({ modules: "[{ liner: {} }]" }),
    want:
      '2:11 modules[0]: Found "liner", wanted the type of a module (did you mean "linear"?) (see docs/errors/PIPELINE_INVALID.md)',
  },
  {
    line: "train config",
    text: config({
      modules: "[{ linear: { inFeatures: 2, outFeatures: 1, biass: true } }]",
    }),
    want:
      'Found the unknown key "biass", wanted inFeatures, outFeatures, bias, init (did you mean "bias"?)',
  },
  {
    line: "train config",
    text: config({
      modules: "[{ linear: { inFeatures: 3, outFeatures: 1 } }]",
    }),
    want: 'Found [batch, 2] from the input, wanted [..., 3] for "0.linear"',
  },
  {
    line: "train config",
    text: config(),
    want: 'found no "data", wanted it there or by --set',
  },
  {
    line: "train config --epoch 3",
    text: config(),
    want: "unknown option '--epoch' (did you mean --epochs?)",
  },
  {
    line: "train config --backend cuda",
    text: config(),
    want:
      'BACKEND_UNKNOWN]: Cannot find backend "cuda": known are "auto", "reference", "wasm", "webgpu"',
  },
  {
    line: "trian config",
    text: config(),
    want: "unknown command 'trian' (did you mean train?)",
  },
  {
    line: "train config --plugin ./no_such.ts",
    text: config(),
    want: "found no such file or folder, wanted one that is there",
  },
  {
    line: "train config --plugin gates.ts",
    text: config(),
    want: "or a path that begins with ./, ../ or /",
  },
  {
    line: "eval examples/circles.yaml",
    want: "found no --weights, wanted a file",
  },
  {
    line: "eval examples/circles.yaml --weights examples/circles.csv",
    want:
      'Cannot use "examples/circles.csv": found no weights in it, wanted what train --save or --checkpoint wrote',
  },
  {
    line: "plugin run",
    want: "found no plugin, wanted one there or in the lockfile",
  },
];

Deno.test.each(MISTAKES)("spiral $line says: $want", async (row) => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, row.text ?? "");
    const args = row.line.split(" ")
      .map((word) => word === "config" ? path : word);
    const { exitCode, out, err } = await runSpiral(args);
    assertEquals([exitCode, out], [2, ""]);
    assertEquals(err.trimEnd().split("\n").length, 1, err);
    assertEquals(err.includes(row.want), true, err);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("spiral train makes the folder of what it saves, and tries it before it trains", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const line = ["train", "examples/circles.yaml", "--epochs", "1", "--json"];
    const path = `${folder}/out/circles.safetensors`;
    assertEquals((await runSpiral([...line, "--save", path])).exitCode, 0);
    // A file where a folder should be.
    const { err, out, exitCode } = await runSpiral([
      ...line,
      "--save",
      `${path}/again.safetensors`,
    ]);
    assertEquals([exitCode, err], [2, ""]);
    assertEquals(JSON.parse(out).error.code, "CLI_FILE_UNREADABLE");
    const files = await Array.fromAsync(Deno.readDir(`${folder}/out`));
    assertEquals(files.map(({ name }) => name), ["circles.safetensors"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
