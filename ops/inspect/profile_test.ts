import { assert, assertEquals } from "@std/assert";
import { createBackend, type Executable } from "../../kernels/mod.ts";
import { watchBackend } from "../../testing/mod.ts";
import { tensor } from "../create.ts";
import { randomNormal } from "../create_random.ts";
import { defineOperator } from "../define_operator.ts";
import { printProfile, profile } from "./profile.ts";

/** A clock on which every look takes a millisecond longer than the last. */
function slowingClock() {
  let [now, step] = [0, 0];
  return {
    nowMs: () => now += ++step,
    after: () => ({ [Symbol.dispose]() {} }),
  };
}

/** Adds one on the host, amid what kernels compute. */
const plusOne = defineOperator({
  name: "acme:plus_one",
  inputs: ["x"],
  infer: { shape: "same", dtype: "float32" },
  kernels: {
    reference: ([x]) => Float32Array.from(x!, (value) => value + 1),
  },
});

Deno.test("profile() lists the kernels of a computation, in order", async () => {
  await using backend = createBackend("reference");
  const x = await randomNormal([4, 3], { key: 1 }).realize();
  const y = x.matmul(x.transpose()).softmax().sum(0);
  const { kernels, backend: name } = await profile([y], { backend });
  assertEquals(name, "reference");
  assertEquals(kernels.map(({ text }) => text.split(" ")[0]), [
    "contract",
    "rows",
    "reduce",
  ]);
});

Deno.test("profile() takes the shortest of several runs", async () => {
  await using backend = createBackend("reference");
  const { kernels: [kernel] } = await profile([tensor([1]).exp()], {
    backend,
    runs: 3,
    clock: slowingClock(),
  });
  assertEquals(kernel!.timeMs, 2);
});

Deno.test("profile() believes the clock of a device", async () => {
  await using backend = createBackend("reference");
  const compile = backend.compile.bind(backend);
  const timesMs = [7, 3, 5];
  backend.compile = async (program) => {
    const executable = await compile(program);
    const runTimed: Executable["runTimed"] = async (inputs, outputs) => {
      await executable.run(inputs, outputs);
      return [timesMs.shift()!];
    };
    return { ...executable, runTimed };
  };
  const { kernels: [kernel] } = await profile([tensor([1]).exp()], {
    backend,
    runs: 3,
    clock: slowingClock(),
  });
  assertEquals(kernel!.timeMs, 3);
});

Deno.test("profile() leaves tensors and memory as they are", async () => {
  await using inner = createBackend("reference");
  const backend = watchBackend(inner);
  const x = tensor([[1, 2], [3, 4]]);
  const y = plusOne(x.matmul(x)).softmax().sum();
  await profile([y], { backend });
  assertEquals(y.node.kind, "apply");
  // The argument has been brought there; everything else is gone again.
  assertEquals(backend.liveBuffers, 1);
  assertEquals(backend.liveExecutables, 0);
});

Deno.test("profile() of what is there already has only to copy it", async () => {
  await using backend = createBackend("reference");
  const { kernels } = await profile([tensor([1, 2])], { backend });
  assertEquals(
    kernels.map(({ flops, bytesWritten }) => [flops, bytesWritten]),
    [
      [0, 8],
    ],
  );
});

Deno.test("printProfile() shows work, speed and what each kernel computes", () => {
  const text = printProfile({
    backend: "wasm",
    temporaryBytes: 64,
    hostCalls: [],
    kernels: [{
      text: "map float32[2]\n  body",
      timeMs: 0.002,
      flops: 4_000,
      bytesRead: 1_000,
      bytesWritten: 1_000,
    }],
  });
  assert(text.startsWith("1 kernels on wasm, 0.002 ms, 64 bytes"));
  assert(text.includes("4000 FLOP (2.0 GFLOP/s)"));
  assert(text.includes("1000 bytes read, 1000 written (1.0 GB/s)"));
  assert(text.endsWith("    map float32[2]\n      body"));
});

Deno.test("profile() tells of calls on the host between launches, as compiled functions have them", async () => {
  await using backend = createBackend("reference");
  const x = await tensor([1, 2]).realize();
  const twice = plusOne(plusOne(x).mul(2)).exp();
  const profiled = await profile([twice], { backend, clock: slowingClock() });
  const { kernels, hostCalls } = profiled;
  assertEquals(kernels.length, 2);
  assertEquals(
    hostCalls.map(({ operator, before }) => [operator, before]),
    [["acme:plus_one", 0], ["acme:plus_one", 1]],
  );
  assert(hostCalls.every(({ timeMs }) => timeMs > 0));
  const lines = printProfile(profiled).split("\n").filter((line) =>
    /^(host|#)/.test(line)
  ).map((line) => line.split(" ")[0]);
  assertEquals(lines, ["host", "#0", "host", "#1"]);
  const last = await profile([plusOne(x.mul(2))], { backend });
  assertEquals(last.hostCalls.map(({ before }) => before), [1]);
  assertEquals(last.kernels.length, 2);
});
