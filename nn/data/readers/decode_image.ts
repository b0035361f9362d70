import { dataUnreadable } from "../data_errors.ts";
import type { SampleArray } from "../sample.ts";
import { fileName } from "./file_name.ts";

/** Rows, columns and channels of pixels. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
  /** What a pixel is at most. */
  readonly max: number;
}

/**
 * Decodes an image in PNG or JPEG.
 *
 * **Shapes**: `[channels, height, width]`: gray, gray and opacity, colors, or colors and opacity. A
 * JPEG has three colors.
 *
 * **Numerics**: from 0 to 1.
 *
 * **Source**: the packages `fast-png` and `jpeg-js`, of which one is loaded when it is needed.
 *
 * @param bytes The file.
 * @param options What it is called in messages.
 * @returns The image.
 * @throws {NnError} `DATA_UNREADABLE` if it is neither, or broken.
 */
export async function decodeImage(
  bytes: Uint8Array,
  options: { readonly name: string },
): Promise<SampleArray> {
  const name = fileName("decodeImage", bytes, options);
  const decode = DECODERS.find(({ magic }) =>
    magic.every((byte, i) => bytes[i] === byte)
  );
  if (!decode) {
    throw dataUnreadable({ name }, "found neither PNG nor JPEG, wanted one");
  }
  try {
    return planesOf(await decode.decode(bytes));
  } catch (cause) {
    throw dataUnreadable({ name }, "found an image that does not decode", {
      cause,
    });
  }
}

const DECODERS: readonly {
  readonly magic: readonly number[];
  readonly decode: (bytes: Uint8Array) => Promise<Pixels>;
}[] = [
  {
    magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    async decode(bytes) {
      const { convertIndexedToRgb, decode } = await import("fast-png");
      const image = decode(bytes, { checkCrc: true });
      const { width, height, depth } = image;
      if (!image.palette) return { ...image, max: 2 ** depth - 1 };
      const data = convertIndexedToRgb(image);
      return {
        width,
        height,
        channels: data.length / (width * height),
        data,
        max: 255,
      };
    },
  },
  {
    magic: [0xff, 0xd8, 0xff],
    async decode(bytes) {
      const { default: jpeg } = await import("jpeg-js");
      const image = jpeg.decode(bytes, {
        useTArray: true,
        formatAsRGBA: false,
      });
      return { ...image, channels: 3, max: 255 };
    },
  },
];

/** Channel by channel, as convolutions take them. */
function planesOf({ width, height, channels, data, max }: Pixels): SampleArray {
  const size = width * height;
  const planes = new Float32Array(channels * size);
  for (let pixel = 0; pixel < size; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      planes[channel * size + pixel] = data[pixel * channels + channel]! / max;
    }
  }
  return { shape: [channels, height, width], data: planes };
}
