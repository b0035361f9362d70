// Whatever walks a graph keeps a stack of its own: that of calls holds some ten thousand at most.
import { assert, assertEquals } from "@std/assert";
import { BUILTIN_OPERATORS } from "./builtin/all.ts";
import { tensor } from "./create.ts";
import { gradients } from "./gradients.ts";
import { printSchedule } from "./inspect/print_schedule.ts";
import { makePlan } from "./realize/plan.ts";
import type { Tensor } from "./tensor.ts";
import { encodeTrace } from "./trace/encode_trace.ts";
import { instantiateTrace } from "./trace/instantiate_trace.ts";
import { parseTrace } from "./trace/parse_trace.ts";
import { checkpoint } from "./transforms/checkpoint.ts";
import { jvp } from "./transforms/jvp.ts";
import { vmap } from "./transforms/vmap.ts";

const LENGTH = 100_000;

/** What is done over and over: place by place, by composites, with shared values, by views. */
const STEPS: readonly ((y: Tensor) => Tensor)[] = [
  (y) => y.sin(),
  (y) => y.relu(),
  (y) => y.add(y),
  (y) => y.flip(0),
  (y) => y.transpose(),
];

function chain(x: Tensor, steps: readonly ((y: Tensor) => Tensor)[]): Tensor {
  let y = x;
  for (let i = 0; i < LENGTH; i++) y = steps[i % steps.length]!(y);
  return y;
}

Deno.test.each([
  { name: "of all kinds", steps: STEPS },
  { name: "of views", steps: STEPS.slice(3) },
])(
  "a chain of 100,000 calls $name can be differentiated and planned",
  ({ steps }) => {
    const x = tensor([[1, 2], [3, 4]]);
    const y = chain(x, steps);
    const [slope] = gradients(y.sum(), [x]);
    assertEquals(slope!.shape, [2, 2]);
    const { program } = makePlan([y.node]);
    assert(program.steps.length > 0);
  },
);

Deno.test("a chain of 100,000 calls can be transformed, printed and recorded", () => {
  const x = tensor([[1, 2], [3, 4]]);
  const long = (x: Tensor) => chain(x, STEPS.slice(0, 1));
  assertEquals(jvp(long, [x], [x]).tangent.shape, [2, 2]);
  assertEquals(vmap(long)(x).shape, [2, 2]);
  const saving = checkpoint(long)(x);
  assertEquals(gradients(saving.sum(), [x])[0]!.shape, [2, 2]);
  const y = long(x);
  assert(printSchedule([y]).includes("kernels"));
  const trace = encodeTrace({
    inputs: [["x", x.node]],
    outputs: [y.node],
  });
  assertEquals(trace.values.length, 1 + LENGTH);
  const read = parseTrace(JSON.parse(JSON.stringify(trace)));
  const [again] = instantiateTrace(
    read,
    [x.node],
    (name) => BUILTIN_OPERATORS.get(name),
  );
  assertEquals(again!.type.shape, [2, 2]);
});
