import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { ones, randomNormal, zeros } from "../../ops/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import { seedKey } from "../seed.ts";
import { Gru } from "./gru.ts";
import { Lstm } from "./lstm.ts";
import type { RecurrentOptions } from "./recurrent.ts";

const LAYERS = [
  { name: "Lstm", make: (options: RecurrentOptions) => new Lstm(options) },
  { name: "Gru", make: (options: RecurrentOptions) => new Gru(options) },
];
const SIZES = { inputSize: 3, hiddenSize: 4 };

Deno.test.each(LAYERS)(
  "$name.read() goes on from a state as if it had not stopped",
  async ({ make }) => {
    const layer = make({ ...SIZES, layers: 2, seed: 5 });
    const x = randomNormal([2, 6, 3], { key: seedKey(1) });
    const whole = layer.read(x);
    const first = layer.read(x.slice([null, [0, 4]]));
    const second = layer.read(x.slice([null, [4, 6]]), first);
    assertClose(
      await second.output.data(),
      await whole.output.slice([null, [4, 6]]).data(),
    );
    assertClose(await second.hidden.data(), await whole.hidden.data());
    assertEquals(second.cell === undefined, whole.cell === undefined);
  },
);

Deno.test.each(LAYERS)("$name has PyTorch's names", ({ make }) => {
  const layer = make({ ...SIZES, layers: 2, bidirectional: true, bias: false });
  assertEquals(
    [...layer.parameters().keys()].filter((x) => x.startsWith("w")),
    [
      "weight_ih_l0",
      "weight_hh_l0",
      "weight_ih_l0_reverse",
      "weight_hh_l0_reverse",
      "weight_ih_l1",
      "weight_hh_l1",
      "weight_ih_l1_reverse",
      "weight_hh_l1_reverse",
    ],
  );
});

Deno.test.each(LAYERS)(
  "$name leaves elements out between layers in training only",
  async ({ make }) => {
    const layer = make({ ...SIZES, layers: 2, dropout: 0.5, seed: 5 });
    const x = ones([1, 3, 3]);
    const trained = await layer.forward(x).data();
    const used = await layer.eval().forward(x).data();
    assertEquals(await layer.forward(x).data(), used);
    assert(String(trained) !== String(used));
  },
);

Deno.test.each(LAYERS)("$name refuses what does not fit", ({ make }) => {
  const layer = make(SIZES);
  const attempts = [
    { code: "SHAPE_MISMATCH", attempt: () => layer.forward(zeros([2, 3])) },
    { code: "SHAPE_MISMATCH", attempt: () => layer.forward(zeros([2, 5, 4])) },
    {
      code: "SHAPE_MISMATCH",
      attempt: () => layer.read(zeros([2, 5, 3]), { hidden: zeros([2, 2, 4]) }),
    },
    { code: "INVALID_OPTION", attempt: () => make({ ...SIZES, layers: 0 }) },
    { code: "INVALID_OPTION", attempt: () => make({ ...SIZES, dropout: 1 }) },
  ];
  for (const { code, attempt } of attempts) {
    const error = assertThrows(attempt);
    assert(isCoded(error));
    assertEquals(error.code, code);
  }
});
