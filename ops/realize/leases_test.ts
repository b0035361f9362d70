import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createBackend } from "../../kernels/mod.ts";
import { watchBackend } from "../../testing/mod.ts";
import { TensorError } from "../errors.ts";
import { Storage } from "../storage.ts";
import { Leases, leaseStorages } from "./leases.ts";

function onHost(...elements: number[]): Storage {
  return new Storage({ dtype: "float32", host: Float32Array.from(elements) });
}

Deno.test("leaseStorages() lends at once what is near, each once", async () => {
  await using backend = watchBackend(createBackend("reference"));
  const [a, b] = [onHost(1), onHost(2)];
  const leases = leaseStorages([a, b, a], backend);
  if (!(leases instanceof Leases)) throw new Error("nothing has to move");
  a[Symbol.dispose]();
  b[Symbol.dispose]();
  assertEquals([...await backend.read(leases.bufferOf(a))], [1]);
  assertEquals([...await backend.read(leases.bufferOf(b))], [2]);
  assertEquals(leases.find(onHost(3)), undefined);
  leases[Symbol.dispose]();
  assertEquals(backend.liveBuffers, 0);
});

Deno.test("leaseStorages() leaves nothing behind when elements are gone", async () => {
  await using backend = watchBackend(createBackend("reference"));
  using near = onHost(1);
  const gone = onHost(2);
  gone[Symbol.dispose]();
  assertThrows(() => leaseStorages([near, gone], backend), TensorError);
  assertEquals(near.isLeased, false);
});

Deno.test("leaseStorages() leaves nothing behind when elements cannot be moved", async () => {
  await using from = watchBackend(createBackend("reference"), {
    onCall: (call) =>
      call === "read" ? Promise.reject(new Error("unreadable")) : undefined,
  });
  await using to = watchBackend(createBackend("reference"));
  using near = onHost(1);
  using far = new Storage({
    buffer: from.allocate({ dtype: "float32", size: 1 }),
  });
  await assertRejects(
    async () => await leaseStorages([near, far], to),
    Error,
    "unreadable",
  );
  assertEquals(near.isLeased, false);
  assertEquals(far.isLeased, false);
});
