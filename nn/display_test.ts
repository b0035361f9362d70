import { assertEquals, assertStringIncludes } from "@std/assert";
import { JUPYTER_DISPLAY, type MediaBundle } from "../core/base/mod.ts";
import { Linear } from "./layers/linear.ts";
import { Relu } from "./layers/relu.ts";
import { Sequential } from "./layers/sequential.ts";
import { showCurves } from "./train/show_curves.ts";

Deno.test("Module is shown in a notebook as its parts and their parameters", () => {
  const model = new Sequential([
    new Linear({ inFeatures: 2, outFeatures: 3 }),
    new Relu(),
  ]);
  const bundle: MediaBundle = Reflect.get(model, JUPYTER_DISPLAY).call(model);
  assertEquals(bundle["text/plain"]!.split("\n").map((line) => line.trim()), [
    "Sequential, 9 parameters",
    "path        type                     own",
    "Sequential",
    "0      Linear  weight [2,3], bias [3]",
    "1        Relu",
  ]);
  assertStringIncludes(bundle["text/html"]!, "<td>weight [2,3], bias [3]</td>");
});

Deno.test("showCurves() gives a picture and text", async () => {
  const epochs = [3, 2, 1].map((loss, i) => ({
    epoch: i + 1,
    loss,
    accuracy: undefined,
    validation: undefined,
    durationMs: 1,
  }));
  const bundle = await showCurves(epochs)[JUPYTER_DISPLAY]();
  assertStringIncludes(bundle["image/svg+xml"]!, "</svg>");
  assertEquals(bundle["text/plain"]!.length > 100, true);
});
