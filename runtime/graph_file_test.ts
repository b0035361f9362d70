import { assertEquals, assertRejects } from "@std/assert";
import { tensor } from "../ops/mod.ts";
import { RuntimeError } from "./errors.ts";
import { loadGraph, saveGraph } from "./graph_file.ts";

Deno.test("loadGraph() gives back what saveGraph() wrote, in two files", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const x = tensor([1, 2]);
    const path = `${folder}/model`;
    await saveGraph(path, { y: x.mul(tensor([3, 4])) }, { inputs: { x } });
    const files = await Array.fromAsync(Deno.readDir(folder));
    assertEquals(files.map(({ name }) => name).sort(), [
      "model.json",
      "model.safetensors",
    ]);
    const graph = await loadGraph(new URL(`file://${path}`));
    const { y } = graph.call({ x: tensor([10, 10]) });
    assertEquals(await y!.array(), [30, 40]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadGraph() and saveGraph() report files that they cannot reach", async () => {
  for (
    const work of [
      () => loadGraph("/nowhere/model"),
      () => saveGraph("/nowhere/model", { y: tensor(1) }),
    ]
  ) {
    const error = await assertRejects(work, RuntimeError, '"/nowhere/model"');
    assertEquals(error.code, "GRAPH_UNREADABLE");
  }
});
