// Images made by the encoders of the same packages: a PNG keeps every pixel, a JPEG nearly.

import { assertEquals, assertRejects } from "@std/assert";
import { encode } from "fast-png";
import jpeg from "jpeg-js";
import { assertClose } from "../../../testing/mod.ts";
import { NnError } from "../../errors.ts";
import { decodeImage } from "./decode_image.ts";

Deno.test.each<{ channels: 1 | 2 | 3 | 4 }>([
  { channels: 1 },
  { channels: 2 },
  { channels: 3 },
  { channels: 4 },
])("decodeImage() reads a PNG of $channels channels", async ({ channels }) => {
  const data = Uint8Array.from({ length: 2 * 3 * channels }, (_, i) => 9 * i);
  const image = await decodeImage(
    encode({ width: 3, height: 2, data, channels }),
    { name: "x" },
  );
  assertEquals(image.shape, [channels, 2, 3]);
  const want = Array.from(
    { length: channels },
    (_, channel) =>
      Array.from(
        { length: 6 },
        (_, pixel) => data[pixel * channels + channel]! / 255,
      ),
  ).flat();
  assertClose([...image.data], want);
});

Deno.test("decodeImage() reads a PNG of 16 bits", async () => {
  const data = Uint16Array.of(0, 65535, 32768, 1);
  const bytes = encode({ width: 2, height: 2, data, channels: 1, depth: 16 });
  const image = await decodeImage(bytes, { name: "x" });
  assertClose([...image.data], [...data].map((x) => x / 65535));
});

Deno.test("decodeImage() reads a JPEG as three colors", async () => {
  const [width, height] = [16, 8];
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < data.length; i += 4) data.set([200, 100, 50, 255], i);
  const { data: bytes } = jpeg.encode({ width, height, data }, 95);
  const image = await decodeImage(new Uint8Array(bytes), { name: "x" });
  assertEquals(image.shape, [3, height, width]);
  const firsts = [0, 1, 2].map((plane) => image.data[plane * width * height]!);
  assertClose(firsts, [200 / 255, 100 / 255, 50 / 255], { tolerance: 0.02 });
});

Deno.test("decodeImage() refuses what is no image, or a broken one", async () => {
  const png = encode({
    width: 1,
    height: 1,
    data: Uint8Array.of(1),
    channels: 1,
  });
  for (
    const bytes of [
      new Uint8Array(),
      Uint8Array.of(71, 73, 70),
      png.slice(0, 20),
      Uint8Array.of(0xff, 0xd8, 0xff, 0),
    ]
  ) {
    const error = await assertRejects(
      () => decodeImage(bytes, { name: "cat.png" }),
      NnError,
      "Cannot read cat.png: ",
    );
    assertEquals(error.code, "DATA_UNREADABLE");
  }
});
