import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { type Tensor, tensor } from "../../ops/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import { Sgd, type SgdOptions } from "./sgd.ts";

/** Where one parameter is after each of the slopes given. */
async function run(
  start: number,
  slopes: readonly number[],
  options: SgdOptions,
): Promise<number[]> {
  const sgd = new Sgd(options);
  let weight: Tensor = tensor([start]);
  let state = sgd.initialState(new Map([["w", weight]]));
  const path: number[] = [];
  for (const slope of slopes) {
    const updates = sgd.update({
      parameters: new Map([["w", weight]]),
      gradients: new Map([["w", tensor([slope])]]),
      state,
      learningRate: tensor(sgd.learningRate),
    });
    const old = [...state];
    weight = updates.get(weight)!;
    state = new Map(old.map(([name, value]) => [name, updates.get(value)!]));
    path.push(await weight.item());
  }
  return path;
}

Deno.test("Sgd.update() goes down the slope", async () => {
  const path = await run(1, [2, -4], { learningRate: 0.25 });
  assertClose(path, [0.5, 1.5]);
});

Deno.test("Sgd.update() keeps a part of its velocity", async () => {
  // v: 1, then 0.5 * 1 + 1 = 1.5, then 0.75.
  const options = { learningRate: 0.5, momentum: 0.5 };
  assertClose(await run(2, [1, 1, 0], options), [1.5, 0.75, 0.375]);
});

Deno.test("Sgd.update() pulls towards 0 with weight decay", async () => {
  const options = { learningRate: 0.5, weightDecay: 0.5 };
  assertClose(await run(4, [0, 1], options), [3, 1.75]);
});

Deno.test("Sgd.initialState() remembers nothing without momentum", () => {
  const parameters = new Map([["w", tensor([1, 2])]]);
  assertEquals(new Sgd().initialState(parameters).size, 0);
  const state = new Sgd({ momentum: 0.9 }).initialState(parameters);
  assertEquals([...state.keys()], ["velocity.w"]);
  assertEquals(state.get("velocity.w")!.shape, [2]);
});

Deno.test.each<SgdOptions>([
  { learningRate: NaN },
  { momentum: 1 },
  { momentum: -0.1 },
  { weightDecay: -1 },
])("Sgd rejects %j", (options) => {
  const error = assertThrows(() => new Sgd(options), OptionError, "Sgd");
  assertEquals(error.code, "INVALID_OPTION");
});
