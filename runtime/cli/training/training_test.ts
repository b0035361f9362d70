import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runJson, runSpiral } from "../fake_io_test.ts";

const CONFIG = `
variables: { width: 8 }
input: [batch, 2]
modules:
  - linear: { inFeatures: 2, outFeatures: "\${width}" }
  - tanh
  - linear: { inFeatures: "\${width}", outFeatures: 2 }
loss: cross_entropy
optimizer: { adam: { learningRate: 0.05 } }
data:
  file: points.csv
  inputs: [x, y]
  targets: [side]
  classes: [left, right]
  held_out: 0.25
training: { epochs: 6, batchSize: 8 }
schedule: { linear_warmup: { then: cosine } }
`;

/** Points of a grid, to the left and to the right of a line. */
const POINTS = [
  "x,y,side",
  ...Array.from({ length: 40 }, (_, i) => {
    const [x, y] = [(i % 8 - 3.5) / 4, (Math.floor(i / 8) - 2) / 2];
    return `${x},${y},${x < y / 2 ? "left" : "right"}`;
  }),
  "",
].join("\n");

/** A folder of files, for as long as `use` takes. */
async function withFiles(
  files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string"
        ? new TextEncoder().encode(content)
        : content;
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Losses of the epochs that a training went through. */
function lossesOf({ epochs }: Record<string, unknown>): number[] {
  return (epochs as { loss: number }[]).map(({ loss }) => loss);
}

Deno.test("spiral train, eval and predict agree about what was learned", async () => {
  const files = { "run.yaml": CONFIG, "points.csv": POINTS };
  await withFiles(files, async (folder) => {
    const [config, weights] = [`${folder}/run.yaml`, `${folder}/w.safetensors`];
    const curves = `${folder}/curves.svg`;
    const { exitCode, data } = await runJson(
      ["train", config, "--save", weights, "--curves", curves],
    );
    assertEquals([exitCode, data["outcome"]], [0, "completed"]);
    const losses = lossesOf(data);
    assertEquals(losses.length, 6);
    assert(losses.at(-1)! < losses[0]! / 2);
    assertStringIncludes(await Deno.readTextFile(curves), "<svg");

    const kept =
      (data["epochs"] as { validation: object }[]).at(-1)!.validation;
    const measured = await runJson(["eval", config, "--weights", weights]);
    assertEquals(measured.data, { ...kept, samples: 10 });

    const all = `${folder}/points.csv`;
    const whole = await runJson(
      ["eval", config, "--weights", weights, "--data", all],
    );
    assertEquals(whole.data["samples"], 40);
    const out = `${folder}/predictions.jsonl`;
    const predicted = await runJson(
      ["predict", config, "--weights", weights, "--data", all, "--out", out],
    );
    assertEquals(predicted.data, { samples: 40, file: out });
    const lines = (await Deno.readTextFile(out)).trim().split("\n")
      .map((line) => JSON.parse(line));
    const sides = POINTS.trim().split("\n").slice(1)
      .map((line) => line.split(",")[2]);
    const right = lines.filter((line, i) => line.class === sides[i]).length;
    assertEquals(right / 40, whole.data["accuracy"]);
    assert(lines.every(({ probability }) => probability >= 0.5));
  });
});

Deno.test("spiral train goes on with --resume as if it had never been interrupted", async () => {
  const files = { "run.yaml": CONFIG, "points.csv": POINTS };
  await withFiles(files, async (folder) => {
    const config = `${folder}/run.yaml`;
    const whole = await runJson(["train", config]);
    const stop = new AbortController();
    const line = [
      "train",
      config,
      "--checkpoint",
      `${folder}/run.checkpoint`,
      "--resume",
    ];
    const cut = await runSpiral(line, {
      signal: stop.signal,
      onWrite: (text) => text.startsWith("epoch 2/6") && stop.abort(),
    });
    assertEquals(cut.exitCode, 130);
    assertStringIncludes(cut.out, "aborted after 2 epochs");
    assertStringIncludes(cut.out, "--resume");
    const rest = await runJson(line);
    assertEquals(rest.exitCode, 0);
    assertEquals(lossesOf(rest.data), lossesOf(whole.data));
    // A checkpoint is as good as weights.
    const measured = await runJson(
      ["eval", config, "--weights", `${folder}/run.checkpoint`],
    );
    assertEquals(measured.data["samples"], 10);
  });
});

Deno.test("spiral train takes overrides, variables, includes and a number of epochs", async () => {
  const config = CONFIG.replace("  - tanh\n", "  - include: middle\n");
  const middle = "modules: [tanh]\n";
  await withFiles({
    "run.yaml": config,
    "middle.yaml": middle,
    "points.csv": POINTS,
  }, async (folder) => {
    const args = ["train", `${folder}/run.yaml`, "--epochs", "1"];
    const plain = await runJson(args);
    assertEquals(lossesOf(plain.data).length, 1);
    for (
      const more of [
        ["--var", "width=3"],
        ["--set", "training.seed=7"],
        ["--set", "optimizer.learningRate=0.5"],
      ]
    ) {
      const { exitCode, data } = await runJson([...args, ...more]);
      assertEquals(exitCode, 0);
      assert(lossesOf(data)[0] !== lossesOf(plain.data)[0], more.join(" "));
    }
    const { err } = await runSpiral([...args, "--var", "width"]);
    assertStringIncludes(err, 'found --var "width", wanted name=value');
  });
});

Deno.test("spiral train takes overrides of a part that the config does not have", async () => {
  const config = CONFIG.replace(/^training: .*$/m, "");
  const files = { "run.yaml": config, "points.csv": POINTS };
  await withFiles(files, async (folder) => {
    const set = ["--set", "training.epochs=2", "--set", "training.batchSize=8"];
    const { data } = await runJson(["train", `${folder}/run.yaml`, ...set]);
    assertEquals(lossesOf(data).length, 2);
  });
});

Deno.test("spiral train and eval show the metrics of a config; what is trained on is augmented, nothing else", async () => {
  const config = CONFIG + `metrics: [f1_score, confusion_matrix]
augmentations: [{ gaussian_noise: { deviation: 0.1 } }]
`;
  const files = { "run.yaml": config, "points.csv": POINTS };
  await withFiles(files, async (folder) => {
    const [path, weights] = [`${folder}/run.yaml`, `${folder}/w.safetensors`];
    const { data } = await runJson(["train", path, "--save", weights]);
    const last = (data["epochs"] as { validation: object }[]).at(-1)!;
    const line = ["eval", path, "--weights", weights];
    const measured = await runJson(line);
    assertEquals(measured.data, { ...last.validation, samples: 10 });
    const { out } = await runSpiral(line);
    assert(/^f1_score [01]\b/m.test(out), out);
    assert(/^confusion_matrix\n\d+ +\d+\n\d+ +\d+$/m.test(out), out);
    const noise = "augmentations.0.deviation";
    for (const [set, isSame] of [["0.1", true], ["0", false]] as const) {
      const again = await runJson(["train", path, "--set", `${noise}=${set}`]);
      assertEquals(
        lossesOf(again.data)[0] === lossesOf(data)[0],
        isSame,
      );
    }
    const { out: shown } = await runSpiral(["train", path]);
    assertStringIncludes(shown, "f1_score");
  });
});

Deno.test("spiral train tells all that is wrong with a config, with lines", async () => {
  const config = CONFIG.replace("held_out", "heldout").replace(
    "file: ",
    "fil: ",
  )
    .replace("epochs: 6", "epochs: 0").replace("- tanh", "- tahn");
  await withFiles({ "run.yaml": config }, async (folder) => {
    const { exitCode, err } = await runSpiral(["train", `${folder}/run.yaml`]);
    assertEquals(exitCode, 2);
    for (
      const part of [
        'did you mean "tanh"?',
        "data.heldout",
        "data.fil",
        "16:21 training.epochs",
      ]
    ) assertStringIncludes(err, part);
  });
});

Deno.test.each([
  { without: /^loss: .*$/m, part: "loss" },
  { without: /^optimizer: .*$/m, part: "optimizer" },
  { without: /^data:(\n {2}.*)*$/m, part: "data" },
  { without: /^ {2}inputs: .*$/m, part: "data.inputs" },
  { without: /^ {2}targets: .*$/m, part: "data.targets" },
])("spiral train requires $part", async ({ without, part }) => {
  const files = {
    "run.yaml": CONFIG.replace(without, ""),
    "points.csv": POINTS,
  };
  await withFiles(files, async (folder) => {
    const { exitCode, data } = await runJson(["train", `${folder}/run.yaml`]);
    assertEquals(exitCode, 2);
    const { code, details } = data["error"] as Record<string, unknown>;
    assertEquals(code, "CLI_CONFIG_INCOMPLETE");
    assertEquals((details as Record<string, unknown>)["part"], part);
  });
});

Deno.test("spiral eval and predict require weights", async () => {
  await withFiles({ "run.yaml": CONFIG }, async (folder) => {
    for (const command of ["eval", "predict"]) {
      const { exitCode, err } = await runSpiral([
        command,
        `${folder}/run.yaml`,
      ]);
      assertEquals(exitCode, 2);
      assertStringIncludes(err, "found no --weights, wanted a file");
    }
  });
});

Deno.test("spiral train ends after passes without progress, and says so in color on a terminal", async () => {
  const files = { "run.yaml": CONFIG, "points.csv": POINTS };
  await withFiles(files, async (folder) => {
    const { out } = await runSpiral([
      "train",
      `${folder}/run.yaml`,
      "--set",
      "callbacks=[{ early_stopping: { patience: 1 } }]",
      "--set",
      "optimizer.learningRate=0",
    ], { isTerminal: true });
    assertStringIncludes(out, "\x1b[32mstopped\x1b[39m after 2 epochs");
  });
});
