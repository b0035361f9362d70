import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded, OptionError, ShapeError } from "../../core/base/mod.ts";
import { tensor, zeros } from "../../ops/mod.ts";
import { assertClose, assertGradients } from "../../testing/mod.ts";
import { binaryCrossEntropyWithLogits } from "./binary_cross_entropy.ts";
import { ctc } from "./ctc.ts";
import { focal } from "./focal.ts";
import { huber } from "./huber.ts";
import { infoNce } from "./info_nce.ts";
import { klDivergence } from "./kl_divergence.ts";
import type { Loss } from "./loss.ts";
import { mae } from "./mae.ts";
import { triplet } from "./triplet.ts";

const LOSSES: readonly { name: string; loss: Loss }[] = [
  { name: "mae", loss: mae },
  { name: "huber", loss: huber },
  { name: "binaryCrossEntropyWithLogits", loss: binaryCrossEntropyWithLogits },
  { name: "klDivergence", loss: klDivergence },
];

Deno.test.each(LOSSES)("$name() refuses to broadcast", ({ loss }) => {
  const error = assertThrows(() => loss(zeros([3, 1]), zeros([3])), ShapeError);
  assertEquals(error.code, "SHAPE_MISMATCH");
});

Deno.test.each(LOSSES)(
  "$name() has gradients that agree with central differences",
  async ({ loss }) => {
    // No error is near 0 or 1, where some have kinks.
    const prediction = tensor([[-1.2, 0.3, 2.5], [-0.4, -2, 0.6]]);
    const target = tensor([[0.25, 0.75, 0.1], [0.9, 0.5, 0.05]]);
    await assertGradients((x) => loss(x!, target), [prediction]);
  },
);

// Expected values by hand.
Deno.test("mae() and huber() measure errors", async () => {
  const [x, y] = [tensor([3, 0, -0.5]), tensor([0, 0, 0])];
  assertClose([await mae(x, y).item()], [3.5 / 3]);
  const none = { reduction: "none" } as const;
  assertClose(await huber(x, y, none).data(), [2.5, 0, 0.125]);
  assertClose(await huber(x, y, { ...none, delta: 2 }).data(), [4, 0, 0.125]);
  assertThrows(() => huber(x, y, { delta: -1 }), OptionError);
});

Deno.test("binaryCrossEntropyWithLogits() overflows for no score", async () => {
  const scores = tensor([1e4, -1e4, 1e4, 0]);
  const losses = binaryCrossEntropyWithLogits(scores, tensor([1, 0, 0, 0.5]), {
    reduction: "none",
  });
  assertClose(await losses.data(), [0, 0, 1e4, Math.log(2)]);
});

Deno.test("klDivergence() takes 0 log 0 for 0", async () => {
  const logits = tensor([Math.log(0.5), Math.log(0.5)]);
  const loss = klDivergence(logits, tensor([0, 1]), { reduction: "sum" });
  assertClose([await loss.item()], [Math.log(2)]);
});

const WHOLE = tensor(Int32Array.of(0, 1));

Deno.test.each<{ name: string; code: string; make: () => unknown }>([
  {
    name: "ctc() of scores without time",
    code: "SHAPE_MISMATCH",
    make: () => ctc(zeros([2, 3]), WHOLE),
  },
  {
    name: "ctc() of labels that are no whole numbers",
    code: "DTYPE_MISMATCH",
    make: () => ctc(zeros([2, 3, 4]), zeros([2, 1])),
  },
  {
    name: "ctc() with a blank that is no class",
    code: "INVALID_OPTION",
    make: () => ctc(zeros([2, 3, 4]), WHOLE.reshape([2, 1]), { blank: 4 }),
  },
  {
    name: "focal() with a gamma below 0",
    code: "INVALID_OPTION",
    make: () => focal(zeros([2, 3]), WHOLE, { gamma: -1 }),
  },
  {
    name: "infoNce() of vectors",
    code: "SHAPE_MISMATCH",
    make: () => infoNce(zeros([3]), zeros([3])),
  },
  {
    name: "infoNce() at temperature 0",
    code: "INVALID_OPTION",
    make: () => infoNce(zeros([2, 3]), zeros([2, 3]), { temperature: 0 }),
  },
  {
    name: "triplet() of pairs of another size",
    code: "SHAPE_MISMATCH",
    make: () => triplet(zeros([2, 3]), zeros([2, 2, 4])),
  },
  {
    name: "triplet() with a margin below 0",
    code: "INVALID_OPTION",
    make: () => triplet(zeros([2, 3]), zeros([2, 2, 3]), { margin: -1 }),
  },
])("$name is refused", ({ code, make }) => {
  const error = assertThrows(make);
  assert(isCoded(error));
  assertEquals(error.code, code);
});

Deno.test("ctc() adds up all ways that labels are spread", async () => {
  // Equal scores: each of the 2 x 2 ways over time has probability 1/4, three of them give the label.
  const loss = ctc(
    zeros([1, 2, 2]),
    tensor(Int32Array.of(1), { shape: [1, 1] }),
  );
  assertClose([await loss.item()], [-Math.log(0.75)]);
});

Deno.test("ctc() of labels that do not fit into the time is very large", async () => {
  const labels = tensor(Int32Array.of(1, 1), { shape: [1, 2] });
  const loss = ctc(zeros([1, 2, 2]), labels, { reduction: "sum" });
  assert(await loss.item() > 1e29);
});
