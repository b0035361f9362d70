import { assertEquals, assertStringIncludes } from "@std/assert";
import { JUPYTER_DISPLAY, type MediaBundle } from "../../core/base/mod.ts";
import { arange, full, tensor } from "../create.ts";
import { observeCalls } from "../observe_calls.ts";
import type { Tensor } from "../tensor.ts";
import { showGraph } from "./show_graph.ts";

/** What a notebook is given: it asks by the name alone. */
async function displayed(x: Tensor): Promise<MediaBundle> {
  return await Reflect.get(x, JUPYTER_DISPLAY).call(x);
}

/** What a notebook without HTML shows. */
async function shown(x: Tensor): Promise<string> {
  return (await displayed(x))["text/plain"]!;
}

Deno.test("Tensor is shown in a notebook as its elements, computed for it", async () => {
  assertEquals(await shown(tensor(3)), "float32[]\n3");
  assertEquals(
    await shown(tensor([1, 0.123456]).mul(2)),
    "float32[2]\n2  0.2469",
  );
  assertEquals(
    await shown(tensor([[1, 2], [30, 4]], { dtype: "int32" })),
    "int32[2,2]\n 1  2\n30  4",
  );
  assertEquals(await shown(tensor([true, false])), "bool[2]\n1  0");
});

Deno.test("Tensor is shown by a corner where it is large, and by its first matrix", async () => {
  const wide = (await shown(arange(0, 40).reshape([2, 20]))).split("\n");
  assertEquals(wide[0], "float32[2,20]");
  assertEquals(wide[1]!.trim().split(/ +/), [
    ...Array.from({ length: 12 }, (_, i) => String(i)),
    "…",
  ]);
  assertEquals(wide[2]!.trim().split(/ +/)[0], "20");
  const high = (await shown(arange(0, 26).reshape([13, 2]))).split("\n");
  assertEquals(high.length, 1 + 12 + 1);
  assertEquals(high.at(-1)!.trim().split(/ +/), ["…", "…"]);
  assertEquals(
    await shown(arange(0, 8).reshape([2, 1, 2, 2])),
    "float32[2,1,2,2], first matrix of 2 × 1\n0  1\n2  3",
  );
});

Deno.test("Tensor without elements, and ones that are no numbers, are shown", async () => {
  assertEquals(await shown(full([0, 3], 1)), "float32[0,3]");
  assertEquals(await shown(full([3, 0], 1)), "float32[3,0]");
  assertEquals(
    await shown(tensor([NaN, -Infinity])),
    "float32[2]\nNaN  -Infinity",
  );
});

Deno.test("Tensor is shown as HTML too, and nobody hears of a call", async () => {
  const heard: string[] = [];
  using _observer = observeCalls((call) => void heard.push(call.name));
  const bundle = await displayed(tensor([[1]]));
  assertStringIncludes(bundle["text/html"]!, "<tr><td>1</td></tr>");
  assertEquals(heard, []);
});

Deno.test("showGraph() gives a flowchart and text", async () => {
  const x = tensor([1, 2]);
  const bundle = await showGraph([x.exp()], { names: { x } })
    [JUPYTER_DISPLAY]();
  assertStringIncludes(bundle["text/vnd.mermaid"]!, "flowchart TD");
  assertStringIncludes(bundle["text/plain"]!, "%1: float32[2] = exp(x)");
});
