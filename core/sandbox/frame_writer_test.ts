import { assert, assertEquals } from "@std/assert";
import { FrameDecoder } from "./frame.ts";
import { FrameWriter } from "./frame_writer.ts";

/** A pipe whose writes are kept, and go on when they are let. */
function createPipe() {
  const written: Uint8Array<ArrayBuffer>[] = [];
  let open = Promise.withResolvers<void>();
  const stream = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(bytes) {
      written.push(bytes);
      return open.promise;
    },
  });
  return {
    stream,
    written,
    open: () => open.resolve(),
    fail() {
      const { reject } = open;
      open = Promise.withResolvers();
      reject(new TypeError("broken pipe"));
    },
  };
}

function headersOf(written: readonly Uint8Array[]): unknown[] {
  const decoder = new FrameDecoder(2 ** 20);
  return written.flatMap((bytes) => [...decoder.push(bytes)])
    .map(({ header }) => header);
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

Deno.test("FrameWriter puts the frames that wait into one write, in order", async () => {
  const pipe = createPipe();
  const writer = new FrameWriter(pipe.stream);
  for (let i = 0; i < 100; i++) writer.write({ i });
  await settled();
  assertEquals(headersOf(pipe.written), [{ i: 0 }]);
  pipe.open();
  await settled();
  assertEquals(pipe.written.length, 2);
  assertEquals(
    headersOf(pipe.written),
    Array.from({ length: 100 }, (_, i) => ({ i })),
  );
  await writer.abort();
});

Deno.test("FrameWriter writes large attachments as they are, without a copy", async () => {
  const pipe = createPipe();
  pipe.open();
  const writer = new FrameWriter(pipe.stream);
  const large = new Uint8Array(100_000).fill(7);
  writer.write("first");
  writer.write("large", large);
  writer.write("last");
  await settled();
  assert(pipe.written.includes(large));
  const decoder = new FrameDecoder(2 ** 20);
  const frames = pipe.written.flatMap((bytes) => [...decoder.push(bytes)]);
  assertEquals(frames.map(({ header }) => header), ["first", "large", "last"]);
  assertEquals(frames[1]!.bytes, large);
  await writer.abort();
});

Deno.test("FrameWriter drops what nobody reads any more", async () => {
  const pipe = createPipe();
  const writer = new FrameWriter(pipe.stream);
  writer.write("lost");
  writer.write("lost too");
  await settled();
  pipe.fail();
  await settled();
  writer.write("nobody is there");
  await settled();
  assertEquals(headersOf(pipe.written), ["lost"]);
  await writer.abort();
});

Deno.test("FrameWriter.writeState() writes what is so when its turn comes, once", async () => {
  const pipe = createPipe();
  const writer = new FrameWriter(pipe.stream);
  writer.write("first");
  let count = 0;
  for (let i = 0; i < 1000; i++) {
    writer.writeState("count", () => ({ count }));
    writer.writeState("other", () => "other");
    count++;
  }
  writer.writeState("gone", () => undefined);
  writer.write("last");
  pipe.open();
  await settled();
  const wanted = ["first", { count: 1000 }, "other", "last"];
  assertEquals(headersOf(pipe.written), wanted);
  writer.writeState("count", () => "again");
  writer.writeState("gone", () => undefined);
  await settled();
  assertEquals(headersOf(pipe.written), [...wanted, "again"]);
  await writer.abort();
});

Deno.test("FrameWriter counts the bytes of answers that wait", async () => {
  const pipe = createPipe();
  const writer = new FrameWriter(pipe.stream);
  writer.write("first");
  writer.write("news");
  assertEquals(writer.answerBytes, 0);
  writer.write("answer", undefined, { isAnswer: true });
  writer.write("large", new Uint8Array(100_000), { isAnswer: true });
  assertEquals(writer.answerBytes, 8 + 8 + 8 + 7 + 100_000);
  pipe.open();
  await settled();
  assertEquals(writer.answerBytes, 0);
  await writer.abort();
});
