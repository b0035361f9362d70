import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runJson, runSpiral } from "../fake_io_test.ts";

/** A config in a file, for as long as `use` takes. */
async function withConfig(
  text: string,
  use: (file: string) => Promise<void>,
): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(file, text);
    await use(file);
  } finally {
    await Deno.remove(file);
  }
}

const CONFIG = `
input: [batch, 2]
modules: [{ type: linear, id: head, config: { inFeatures: 2, outFeatures: 1 } }]
`;

Deno.test("spiral graph writes text, DOT, SVG and Mermaid, by the names of parameters", async () => {
  await withConfig(CONFIG, async (file) => {
    const args = ["graph", file, "--batch", "3"];
    const { out } = await runSpiral([...args, "--format", "text"]);
    assertEquals(
      out,
      `input: float32[3,2] = input
head.weight: float32[2,1] = input
%2: float32[3,1] = matmul(input, head.weight)
head.bias: float32[1] = input
%4: float32[3,1] = add(%2, head.bias)
return %4
`,
    );
    const dot = await runJson([...args, "--format", "dot"]);
    assertEquals(dot.data["format"], "dot");
    assert(String(dot.data["graph"]).startsWith("digraph {"));
    const svg = await runSpiral([...args, "--format", "svg"]);
    assert(svg.out.startsWith("<svg "));
    assertStringIncludes(svg.out, ">head.weight</text>");
    const mermaid = await runSpiral(args);
    assertStringIncludes(mermaid.out, "flowchart TD\n");
  });
});

Deno.test("spiral graph finds out that a model takes whole numbers", async () => {
  const config = `
input: [batch, 4]
modules: [{ embedding: { numEmbeddings: 8, embeddingDim: 2 } }]
`;
  await withConfig(config, async (file) => {
    const { out } = await runSpiral(["graph", file, "--format", "text"]);
    assertStringIncludes(out, "input: int32[1,4] = input");
  });
});

Deno.test("spiral graph requires the shape of the input", async () => {
  await withConfig("modules: [relu]\n", async (file) => {
    const { exitCode, err } = await runSpiral(["graph", file]);
    assertEquals(exitCode, 2);
    assertStringIncludes(err, 'found no "input", wanted it');
  });
});
