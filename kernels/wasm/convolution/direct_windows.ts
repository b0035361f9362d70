import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitCopyPlane } from "./copy_plane.ts";
import type { DirectPlaces, DirectPlan } from "./direct_product.ts";
import { emitCounted } from "./emit_counted.ts";
import type { Geometry, Three } from "./geometry.ts";
import { imageLayout, isReadable } from "./image_layout.ts";

/** Channels of output, or images, up to which this pays: with more of both, products do. */
const CHANNELS_MAX = 12;
/** Most elements of the output: code is written for each. */
const POSITIONS_MAX = 64;
/** Vectors of sums that are taken at a time, and all vectors that are in use while they are. */
const SUMS_MAX = 10;
const VECTORS_MAX = 13;
/** Most bytes of a copied channel: it stays in the second cache. */
const COPY_BYTES_MAX = 2 ** 20;
/** What one multiply-add takes, and the copying of one place of an image. */
const MULTIPLY_NANOSECONDS = 0.1;
const COPY_NANOSECONDS = 0.15;

/**
 * Plans a convolution whose windows are larger than its output, as for the gradient of weights: each
 * element of the output has a vector of sums of its own, to which whole rows of weights are added.
 *
 * @param geometry The convolution.
 * @returns The plan, if it can be computed so, and that pays.
 */
export function directWindows(geometry: Geometry): DirectPlan | undefined {
  const { kernel: { batch, depth, channels }, axes, weight } = geometry;
  const { positions, taps } = geometry;
  if (Math.min(batch, channels) > CHANNELS_MAX) return;
  if (positions > POSITIONS_MAX) return;
  if (axes[2].kernel < 4 || weight.taps[2] !== 1) return;
  const layout = imageLayout(geometry, "taps");
  if (!isReadable(layout, geometry)) return;
  const copyBytes = layout.copy?.planeBytes ?? 0;
  if (copyBytes > COPY_BYTES_MAX) return;
  return {
    geometry,
    layout,
    copyBytes,
    ownBytes: 0,
    nanoseconds: depth *
      (positions * channels * taps * MULTIPLY_NANOSECONDS +
        copyBytes / 4 * COPY_NANOSECONDS),
    emit(code, places) {
      emitDepth(code, this, places);
    },
  };
}

/** Writes the loop over the input channels, each of which adds to all sums. */
function emitDepth(
  code: VectorCode,
  { geometry, layout }: DirectPlan,
  { channels, image, copy, weights, target }: DirectPlaces,
): void {
  const { f } = code;
  const { kernel: { depth }, positions, weight } = geometry;
  f.fill(target, 0, f.op("i32.mul", channels, 4 * positions));
  emitCounted(f, depth, () => {
    if (layout.copy) {
      emitCopyPlane(code, layout.copy, { from: image, to: copy });
    }
    const places = {
      first: layout.copy ? copy : f.op("i32.add", image, layout.origin),
      weights: f.variable("i32", weights),
      target: f.variable("i32", target),
    };
    emitCounted(f, channels, () => {
      for (const sums of sumGroups(geometry)) {
        f.scoped(() =>
          emitSums(code, { geometry, at: layout.at, sums }, places)
        );
      }
      const { weights, target } = places;
      f.assign(weights, "i32.add", weights, 4 * weight.channel);
      f.assign(target, "i32.add", target, 4 * positions);
    });
    f.assign(image, "i32.add", image, 4 * geometry.image.channel);
    f.assign(weights, "i32.add", weights, 4 * weight.depth);
  });
}

/** Elements of the output, column by column, as many together as there are registers for. */
function sumGroups(
  { axes: [planes, rows, columns] }: Geometry,
): readonly (readonly Three<number>[])[] {
  const all: Three<number>[] = [];
  for (let z = 0; z < planes.output; z++) {
    for (let x = 0; x < columns.output; x++) {
      for (let y = 0; y < rows.output; y++) all.push([z, y, x]);
    }
  }
  const groups = Math.ceil(all.length / SUMS_MAX);
  const count = Math.ceil(all.length / groups);
  return Array.from(
    { length: groups },
    (_, i) => all.slice(i * count, (i + 1) * count),
  );
}

/** What is summed up together. */
interface Sums {
  readonly geometry: Geometry;
  readonly at: DirectPlan["layout"]["at"];
  /** Places of the elements. */
  readonly sums: readonly Three<number>[];
}

/** Writes the sums of some elements over one channel. */
function emitSums(
  code: VectorCode,
  { geometry, at, sums }: Sums,
  { first, weights, target }: {
    readonly first: Local;
    readonly weights: Local;
    readonly target: Local;
  },
): void {
  const { f } = code;
  const { axes, weight } = geometry;
  const [planes, rows, columns] = axes;
  const zero = f.i32x4(0);
  const vectors = sums.map(() => f.variable("v128", zero));
  const together = Math.min(VECTORS_MAX - sums.length, rows.kernel);
  const plane = f.variable("i32", first);
  const window = f.variable("i32", weights);
  emitCounted(f, planes.kernel, () => {
    const places = {
      image: f.variable("i32", plane),
      weights: f.variable("i32", window),
    };
    const emitRows = (count: number) => {
      emitRowSums(code, { geometry, at, sums, vectors, count }, places);
      const { image, weights } = places;
      const step = at([0, count * rows.dilation, 0]);
      f.assign(image, "i32.add", image, step);
      f.assign(weights, "i32.add", weights, 4 * count * weight.taps[1]);
    };
    emitCounted(f, Math.floor(rows.kernel / together), () => {
      emitRows(together);
    });
    if (rows.kernel % together) emitRows(rows.kernel % together);
    f.assign(plane, "i32.add", plane, at([planes.dilation, 0, 0]));
    f.assign(window, "i32.add", window, 4 * weight.taps[0]);
  });
  sums.forEach(([z, y, x], i) => {
    const place = (z * rows.output + y) * columns.output + x;
    const known = f.load("f32.load", target, 4 * place);
    const sum = f.op("f32.add", known, emitTotal(code, vectors[i]!));
    f.store("f32.store", target, sum, 4 * place);
  });
}

/** Writes the sum of four lanes. */
function emitTotal({ f }: VectorCode, vector: Local): Local {
  const halves = f.op(
    "f32x4.add",
    vector,
    f.shuffle(vector, vector, [2, 3, 2, 3]),
  );
  const whole = f.op(
    "f32x4.add",
    halves,
    f.shuffle(halves, halves, [1, 1, 1, 1]),
  );
  return f.lane("f32x4.extract_lane", 0, whole);
}

/** Writes what some rows of weights add to the sums. */
function emitRowSums(
  code: VectorCode,
  { geometry: { axes, weight }, at, sums, vectors, count }: Sums & {
    readonly vectors: readonly Local[];
    /** How many rows. */
    readonly count: number;
  },
  places: { readonly image: Local; readonly weights: Local },
): void {
  const { f } = code;
  const [planes, rows, columns] = axes;
  const lines = Array.from(
    { length: count },
    (_, row) => f.op("i32.add", places.weights, 4 * row * weight.taps[1]),
  );
  const image = f.variable("i32", places.image);
  const emitVector = (mask?: Local) => {
    const read = (address: Local, offset = 0) => {
      const four = f.load("v128.load", address, offset);
      return mask ? f.op("v128.and", four, mask) : four;
    };
    const windows = lines.map((line) => read(line));
    const known = new Map<number, Local>();
    // By place in the image, so that each vector of it is read once.
    const uses = sums.flatMap(([z, y, x], sum) =>
      windows.map((_, row) => ({
        place: at([
          z * planes.stride,
          y * rows.stride + row * rows.dilation,
          x * columns.stride,
        ]),
        sum,
        row,
      }))
    ).sort((a, b) => a.place - b.place);
    for (const { place, sum, row } of uses) {
      const four = known.get(place) ?? read(image, place);
      known.set(place, four);
      const vector = vectors[sum]!;
      f.copy(vector, code.madd(four, windows[row]!, vector));
    }
  };
  const emitMove = (step: number) => {
    for (const place of [image, ...lines]) {
      f.assign(place, "i32.add", place, step);
    }
  };
  emitCounted(f, Math.floor(columns.kernel / 4), () => {
    f.scoped(emitVector);
    emitMove(16);
  });
  const rest = columns.kernel % 4;
  if (rest) {
    // The last vector begins among elements that were taken already.
    emitMove(4 * (rest - 4));
    const isNew = Int32Array.from(
      { length: 4 },
      (_, i) => i < 4 - rest ? 0 : -1,
    );
    f.scoped(() => emitVector(f.v128(new Uint8Array(isNew.buffer))));
  }
}
