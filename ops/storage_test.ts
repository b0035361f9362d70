import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createBackend } from "../kernels/mod.ts";
import { watchBackend, type WatchedBackend } from "../testing/mod.ts";
import { TensorError } from "./errors.ts";
import { Storage } from "./storage.ts";

function onHost(...elements: number[]): Storage {
  return new Storage({
    dtype: "float32",
    host: Float32Array.from(elements),
  });
}

/** A storage whose elements are in a backend only. */
function onBackend(backend: WatchedBackend, ...elements: number[]): Storage {
  const buffer = backend.allocate({ dtype: "float32", size: elements.length });
  backend.write(buffer, Float32Array.from(elements));
  return new Storage({ buffer });
}

async function listOf(storage: Storage): Promise<number[]> {
  return [...await storage.elements()];
}

Deno.test("Storage knows dtype and size of what it is given", async () => {
  await using backend = watchBackend(createBackend("reference"));
  for (using storage of [onHost(1, 2, 3), onBackend(backend, 1, 2, 3)]) {
    assertEquals(storage.dtype, "float32");
    assertEquals(storage.size, 3);
    assertEquals(storage.isDisposed, false);
    assertEquals(await listOf(storage), [1, 2, 3]);
  }
});

Deno.test("Storage.bufferOn() uploads once, in the call", async () => {
  await using backend = watchBackend(createBackend("reference"));
  using storage = onHost(1, 2);
  assertEquals(storage.backend, undefined);
  const buffer = storage.bufferOn(backend);
  assert(!(buffer instanceof Promise));
  assertEquals(storage.backend, backend);
  assertEquals([...await backend.read(buffer)], [1, 2]);
  assertEquals(storage.bufferOn(backend), buffer);
  assertEquals(backend.liveBuffers, 1);
});

Deno.test("Storage.bufferOn() moves elements from one backend to another", async () => {
  await using from = watchBackend(createBackend("reference"));
  await using to = watchBackend(createBackend("reference"));
  using storage = onBackend(from, 5, 6);
  const [buffer, again] = await Promise.all([
    storage.bufferOn(to),
    storage.bufferOn(to),
  ]);
  assertEquals(buffer, again);
  assertEquals([...await to.read(buffer)], [5, 6]);
  assertEquals([from.liveBuffers, to.liveBuffers], [0, 1]);
  // And back; by now the elements are on the host too.
  assert(!(storage.bufferOn(from) instanceof Promise));
  assertEquals([from.liveBuffers, to.liveBuffers], [1, 0]);
  assertEquals(await listOf(storage), [5, 6]);
});

Deno.test("Storage.bufferOn() rejects if the elements are disposed while they move", async () => {
  await using from = watchBackend(createBackend("reference"));
  await using to = watchBackend(createBackend("reference"));
  const storage = onBackend(from, 5, 6);
  const buffer = storage.bufferOn(to);
  storage[Symbol.dispose]();
  const error = await assertRejects(async () => await buffer, TensorError);
  assertEquals(error.code, "TENSOR_DISPOSED");
  assertEquals([from.liveBuffers, to.liveBuffers], [0, 0]);
});

Deno.test("Storage.elements() reads once, and hostElements() what was read", async () => {
  let reads = 0;
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (call) => void (call === "read" && reads++),
  });
  using storage = onBackend(backend, 5, 6);
  assertEquals(storage.hostElements(), undefined);
  const elements = await storage.elements();
  assertEquals(await storage.elements(), elements);
  assertEquals(storage.hostElements(), elements);
  assertEquals(reads, 1);
});

Deno.test("Storage.elements() forgets what it read while elements were replaced", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isSlow = true;
  await using backend = watchBackend(createBackend("reference"), {
    onCall: (call) => call === "read" && isSlow ? promise : undefined,
  });
  using storage = onBackend(backend, 1);
  using other = onBackend(backend, 2);
  const reading = listOf(storage);
  storage.swap(other);
  resolve();
  isSlow = false;
  assertEquals(await reading, [1]);
  assertEquals(await listOf(storage), [2]);
  assertEquals(await listOf(other), [1]);
});

Deno.test("Storage.bufferToFill() lends an array, after which old elements do not count", async () => {
  await using backend = watchBackend(createBackend("reference"));
  for (using storage of [onHost(1, 2), onBackend(backend, 1, 2)]) {
    await storage.elements();
    const buffer = storage.bufferToFill(backend);
    backend.write(buffer, Float32Array.of(8, 9));
    assertEquals(await listOf(storage), [8, 9]);
    assertEquals(storage.bufferToFill(backend), buffer);
  }
  assertEquals(backend.liveBuffers, 0);
});

Deno.test("Storage.bufferToFill() gives back what another backend held", async () => {
  await using from = watchBackend(createBackend("reference"));
  await using to = watchBackend(createBackend("reference"));
  using storage = onBackend(from, 1);
  to.write(storage.bufferToFill(to), Float32Array.of(3));
  assertEquals([from.liveBuffers, to.liveBuffers], [0, 1]);
  assertEquals(await listOf(storage), [3]);
});

Deno.test("Storage.swap() exchanges elements, wherever they are", async () => {
  await using backend = watchBackend(createBackend("reference"));
  await using other = watchBackend(createBackend("reference"));
  const makers = [
    (x: number) => onHost(x),
    (x: number) => onBackend(backend, x),
    (x: number) => onBackend(other, x),
  ];
  for (const makeA of makers) {
    for (const makeB of makers) {
      using a = makeA(1);
      using b = makeB(2);
      await a.elements();
      a.swap(b);
      assertEquals(await listOf(a), [2]);
      assertEquals(await listOf(b), [1]);
      a.swap(b);
      assertEquals(await listOf(a), [1]);
    }
  }
  assertEquals([backend.liveBuffers, other.liveBuffers], [0, 0]);
});

Deno.test("Storage gives memory back once, and refuses to be used after", async () => {
  await using backend = watchBackend(createBackend("reference"));
  const storage = onBackend(backend, 1, 2);
  const alive = onHost(1, 2);
  storage[Symbol.dispose]();
  storage[Symbol.dispose]();
  assertEquals(storage.isDisposed, true);
  assertEquals(backend.liveBuffers, 0);
  const uses = [
    () => storage.bufferOn(backend),
    () => storage.bufferToFill(backend),
    () => storage.hostElements(),
    () => storage.swap(alive),
    () => alive.swap(storage),
  ];
  for (const use of uses) {
    const error = assertThrows(
      use,
      TensorError,
      "Cannot use a tensor of 2 elements: it has been disposed",
    );
    assertEquals(error.code, "TENSOR_DISPOSED");
  }
  await assertRejects(() => storage.elements(), TensorError);
  assertEquals(await listOf(alive), [1, 2]);
});

Deno.test("Storage.lease() lends elements that outlive disposal", async () => {
  await using backend = watchBackend(createBackend("reference"));
  const makers = [() => onHost(1, 2), () => onBackend(backend, 1, 2)];
  for (const make of makers) {
    const storage = make();
    const lease = await storage.lease(backend);
    assertEquals(storage.isLeased, true);
    storage[Symbol.dispose]();
    assertEquals([...await backend.read(lease.buffer)], [1, 2]);
    lease.release();
    assertEquals(backend.liveBuffers, 0);
  }
});

Deno.test("Storage.lease() lends elements that outlive new ones", async () => {
  await using backend = watchBackend(createBackend("reference"));
  using storage = onBackend(backend, 1, 2);
  using other = onBackend(backend, 3, 4);
  const first = await storage.lease(backend);
  backend.write(storage.bufferToFill(backend), Float32Array.of(5, 6));
  const second = await storage.lease(backend);
  storage.swap(other);
  assertEquals([storage.isLeased, other.isLeased], [false, true]);
  assertEquals([...await backend.read(first.buffer)], [1, 2]);
  assertEquals([...await backend.read(second.buffer)], [5, 6]);
  first.release();
  second.release();
  assertEquals(await listOf(storage), [3, 4]);
  assertEquals(await listOf(other), [5, 6]);
  assertEquals(backend.liveBuffers, 2);
});

Deno.test("Storage.lease() lends elements that are disposed or replaced while they move", async () => {
  await using from = watchBackend(createBackend("reference"));
  await using to = watchBackend(createBackend("reference"));
  const ends = [
    (storage: Storage) => storage[Symbol.dispose](),
    (storage: Storage) => void storage.bufferToFill(from),
  ];
  for (const end of ends) {
    using storage = onBackend(from, 1, 2);
    const moving = storage.lease(to);
    end(storage);
    const lease = await moving;
    assertEquals([...await to.read(lease.buffer)], [1, 2]);
    lease.release();
    assertEquals(to.liveBuffers, 0);
  }
});
