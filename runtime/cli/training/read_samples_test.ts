import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../errors.ts";
import { readSamples } from "./read_samples.ts";
import type { DataSettings } from "./run_settings.ts";

const SETTINGS: DataSettings = {
  file: "",
  indices: false,
  scale: 1,
  delimiter: ",",
  heldOut: 0,
};

/** A file, for as long as `use` takes. */
async function withFile(
  content: string | Uint8Array<ArrayBuffer>,
  suffix: string,
  use: (file: string) => Promise<void>,
): Promise<void> {
  const file = await Deno.makeTempFile({ suffix });
  try {
    if (typeof content === "string") await Deno.writeTextFile(file, content);
    else await Deno.writeFile(file, content);
    await use(file);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("readSamples() reads CSV, with other delimiters and scaled", async () => {
  await withFile("a;b;c\n2;4;1\n6;8;0\n", ".csv", async (file) => {
    const data = {
      ...SETTINGS,
      file,
      inputs: ["b", "a"],
      targets: ["c"],
      delimiter: ";",
      scale: 2,
    };
    assertEquals(
      await readSamples({ data, hasTargets: true, isClass: false }),
      {
        inputs: { shape: [2, 2], data: Float32Array.of(2, 1, 4, 3) },
        targets: { shape: [2, 1], data: Float32Array.of(1, 0) },
      },
    );
    const { targets } = await readSamples({
      data,
      hasTargets: true,
      isClass: true,
    });
    assertEquals(targets, { shape: [2], data: Int32Array.of(1, 0) });
  });
});

Deno.test("readSamples() reads JSON Lines, lists of numbers in a row", async () => {
  const text = '{"x":[[1,2],[3,4]],"t":"b"}\n{"x":[5,6,7,8],"t":"a"}\n';
  await withFile(text, ".jsonl", async (file) => {
    const data = {
      ...SETTINGS,
      file,
      inputs: ["x"],
      targets: ["t"],
      classes: ["a", "b"],
      indices: true,
    };
    assertEquals(await readSamples({ data, hasTargets: true, isClass: true }), {
      inputs: { shape: [2, 4], data: Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
      targets: { shape: [2], data: Int32Array.of(1, 0) },
    });
  });
});

Deno.test("readSamples() reads IDX, with targets from another file", async () => {
  const images = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 255);
  const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 3, 4);
  await withFile(images, ".idx", async (file) => {
    await withFile(labels, ".idx", async (labelsFile) => {
      const data = { ...SETTINGS, file, labels: labelsFile, scale: 255 };
      assertEquals(
        await readSamples({ data, hasTargets: true, isClass: true }),
        {
          inputs: { shape: [2, 1], data: Float32Array.of(0, 1) },
          targets: { shape: [2], data: Int32Array.of(3, 4) },
        },
      );
    });
  });
});

Deno.test.each([
  { text: '{"x":[1,2]}\n{"x":[1]}\n', line: 2, found: "1 numbers" },
  { text: '{"x":"a"}\n', line: 1, found: '"a" as "x"' },
  { text: '{"y":1}\n', line: 1, found: 'nothing as "x"' },
  { text: "[1]\n", line: 1, found: "no object" },
  { text: '{"x":1}\n{"x":1.5}\n', line: 2, found: "1.5", indices: true },
])("readSamples() tells where $text is wrong", async (row) => {
  const { text, line, found, indices = false } = row;
  await withFile(text, ".jsonl", async (file) => {
    const data = { ...SETTINGS, file, inputs: ["x"], indices };
    const error = await assertRejects(
      () => readSamples({ data, hasTargets: false, isClass: false }),
      CliError,
    );
    assertEquals(error.code, "CLI_DATA_INVALID");
    const { line: at, found: what } = error.details;
    assertEquals([at, what], [line, found]);
  });
});

Deno.test("readSamples() requires a class of those that are listed", async () => {
  await withFile("x,t\n1,cat\n2,dgo\n", ".csv", async (file) => {
    const data = {
      ...SETTINGS,
      file,
      inputs: ["x"],
      targets: ["t"],
      classes: ["cat", "dog"],
    };
    const error = await assertRejects(
      () => readSamples({ data, hasTargets: true, isClass: true }),
      CliError,
    );
    assertEquals(error.details, {
      file,
      line: 3,
      found: '"dgo"',
      wanted: "one of cat, dog",
    });
  });
});

Deno.test("readSamples() requires a format where the ending tells none", async () => {
  await withFile("x\n1\n", ".data", async (file) => {
    const data: DataSettings = { ...SETTINGS, file, inputs: ["x"] };
    const options = { hasTargets: false, isClass: false };
    const error = await assertRejects(
      () => readSamples({ data, ...options }),
      CliError,
    );
    assertEquals(error.details["part"], "data.format");
    const csv: DataSettings = { ...data, format: "csv" };
    const { inputs } = await readSamples({ data: csv, ...options });
    assertEquals(inputs.data, Float32Array.of(1));
  });
});
