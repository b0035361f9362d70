import { assert, assertEquals } from "@std/assert";
import { toWireEvent } from "../../../core/tools.ts";
import { modelEvents, ModelParts, type ModelViews } from "./model_parts.ts";

const VIEWS: ModelViews = {
  kernels: {
    what: "One batch.",
    backend: "wasm",
    kernels: Array.from({ length: 300 }, (_, i) => ({
      // Escaped, and cut between the halves of a pair.
      text: `map "float32"\n[${i}] ${"😀".repeat(40)}`,
      timeMs: i / 3,
      flops: i,
      bytesRead: 4 * i,
      bytesWritten: 8,
    })),
    parameterBytes: 12,
    temporaryBytes: 0,
  },
  graph: {
    width: 10,
    height: 20,
    boxes: [{
      label: "x",
      detail: "float32[2]",
      kind: "given",
      x: -1.5,
      y: 0,
      width: 5,
      height: 5,
    }],
    arrows: [{ from: 0, to: 0, path: "M0 0C1 -2 3e-7 4 5 6" }],
  },
};

/** What the events of some views carry, as a log holds it. */
function logged(views: ModelViews): Record<string, unknown>[] {
  return modelEvents(views).map((event) => {
    const { data } = toWireEvent(event).data!;
    return JSON.parse(JSON.stringify(data));
  });
}

/** What comes of parts. */
function whole(parts: readonly unknown[]): ModelViews | undefined {
  const gathered = new ModelParts();
  return parts.map((part) => gathered.take(part)).at(-1);
}

Deno.test("ModelParts puts together what modelEvents() took apart", () => {
  const parts = logged(VIEWS);
  assert(parts.length > 3);
  assert(parts.every((part) => !("$truncated" in part)));
  assertEquals(whole(parts), VIEWS);
  const { graph } = VIEWS;
  assertEquals(whole(logged({ graph: graph! })), { graph: graph! });
});

Deno.test("ModelParts begins anew with each first part", () => {
  const parts = logged(VIEWS);
  assertEquals(whole([...parts.slice(0, 2), ...parts]), VIEWS);
});

Deno.test("ModelParts shows nothing of which a part is missing", () => {
  const parts = logged(VIEWS);
  assertEquals(whole(parts.toSpliced(1, 1)), undefined);
  assertEquals(whole(parts.slice(1)), undefined);
});

Deno.test.each([
  { what: "nothing", data: null },
  { what: "a part beyond the last", data: { part: 2, parts: 1, text: "{}" } },
  { what: "too many parts", data: { part: 1, parts: 1e9, text: "{}" } },
  { what: "no JSON", data: { part: 1, parts: 1, text: "{" } },
  {
    what: "a line that is no line",
    data: {
      part: 1,
      parts: 1,
      text: JSON.stringify({
        graph: {
          ...VIEWS.graph,
          arrows: [{ from: 0, to: 0, path: "url(https://acme.example)" }],
        },
      }),
    },
  },
])("ModelParts takes no $what", ({ data }) => {
  assertEquals(new ModelParts().take(data), undefined);
});
