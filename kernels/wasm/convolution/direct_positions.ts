import type { Local } from "../assembler/function_types.ts";
import { addAddress } from "../assembler/tables.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitCopyPlane } from "./copy_plane.ts";
import type { DirectPlaces, DirectPlan } from "./direct_product.ts";
import { emitTile, tileOf } from "./direct_tile.ts";
import { emitCounted, emitStretches } from "./emit_counted.ts";
import { type Geometry, tableOf } from "./geometry.ts";
import { imageLayout, isReadable } from "./image_layout.ts";

/** Channels of output or image up to which this pays: with more of both, products do. */
const CHANNELS_MAX = 12;
/** Most weights of a window: code is written for each. */
const TAPS_MAX = 128;
/** Most bytes of copied channels: they stay in the second cache. */
const COPY_BYTES_MAX = 2 ** 20;
/** What one multiply-add takes, and the copying of one place of an image. */
const MULTIPLY_NANOSECONDS = 0.1;
const COPY_NANOSECONDS = 0.15;

/**
 * Plans a convolution with few channels in a group: sums of neighbouring elements are taken
 * together, some rows and vectors at a time.
 *
 * @param geometry The convolution.
 * @returns The plan, if it can be computed so, and that pays.
 */
export function directPositions(geometry: Geometry): DirectPlan | undefined {
  const { kernel: { depth, channels }, axes, positions, taps } = geometry;
  if (Math.min(channels, depth) > CHANNELS_MAX) return;
  if (taps > TAPS_MAX || axes[2].output < 4) return;
  const layout = imageLayout(geometry, "positions");
  if (!isReadable(layout, geometry)) return;
  const copyBytes = depth * (layout.copy?.planeBytes ?? 0);
  if (copyBytes > COPY_BYTES_MAX) return;
  return {
    geometry,
    layout,
    copyBytes,
    ownBytes: 16 * depth * taps,
    nanoseconds: positions * channels * depth * taps * MULTIPLY_NANOSECONDS +
      copyBytes / 4 * COPY_NANOSECONDS,
    emit(code, places) {
      emitChannels(code, this, places);
    },
  };
}

/** Writes the loop over the channels of the output. */
function emitChannels(
  code: VectorCode,
  { geometry, layout }: DirectPlan,
  { channels, image, copy, weights, own, target }: DirectPlaces,
): void {
  const { f } = code;
  const { kernel: { depth }, weight, positions } = geometry;
  const imageStep = 4 * geometry.image.channel;
  const depthStep = layout.copy?.planeBytes ?? imageStep;
  if (layout.copy) {
    const places = { from: image, to: f.variable("i32", copy) };
    const plane = layout.copy;
    emitCounted(f, depth, () => {
      emitCopyPlane(code, plane, places);
      f.assign(places.from, "i32.add", places.from, imageStep);
      f.assign(places.to, "i32.add", places.to, plane.planeBytes);
    });
  }
  const first = layout.copy ? copy : f.op("i32.add", image, layout.origin);
  const out = { geometry, at: layout.at, depthStep };
  emitCounted(f, channels, () => {
    emitSpreadWeights(code, geometry, { weights, own });
    emitPlanes(code, out, { first, own, target });
    f.assign(weights, "i32.add", weights, 4 * weight.channel);
    f.assign(target, "i32.add", target, 4 * positions);
  });
}

/** Writes each weight of a channel of the output four times. */
function emitSpreadWeights(
  { f }: VectorCode,
  { kernel: { depth }, axes: [planes, rows, columns], weight, taps }: Geometry,
  places: Pick<DirectPlaces, "weights" | "own">,
): void {
  const sizes = [planes.kernel, rows.kernel, columns.kernel] as const;
  const table = tableOf(
    sizes,
    (place) =>
      place.reduce((sum, along, i) => sum + 4 * along * weight.taps[i]!, 0),
  );
  const weights = f.variable("i32", places.weights);
  const own = f.variable("i32", places.own);
  emitCounted(f, depth, () => {
    table.forEach((from, i) =>
      f.scoped(() => {
        const address = f.op("i32.add", weights, from);
        const element = f.load("v128.load32_splat", address);
        f.store("v128.store", own, element, 16 * i);
      })
    );
    f.assign(weights, "i32.add", weights, 4 * weight.depth);
    f.assign(own, "i32.add", own, 16 * taps);
  });
}

/** Writes the loops over one channel of the output, tile by tile. */
function emitPlanes(
  code: VectorCode,
  { geometry: { axes, kernel: { depth } }, at, depthStep }: {
    readonly geometry: Geometry;
    readonly depthStep: number;
    readonly at: DirectPlan["layout"]["at"];
  },
  { first, own, target }: {
    readonly first: Local;
    readonly own: Local;
    readonly target: Local;
  },
): void {
  const { f } = code;
  const [planes, rows, columns] = axes;
  const tile = tileOf(rows.output, columns.output);
  const plane = f.variable("i32", first);
  const to = f.variable("i32", target);
  const rowStep = at([0, rows.stride, 0]);
  emitCounted(f, planes.output, () => {
    const lines = { size: rows.output, stretch: tile.rows };
    emitStretches(f, lines, (y) => {
      const from = addAddress(f, f.op("i32.mul", y, rowStep), plane);
      const above = f.op("i32.mul", y, 4 * columns.output);
      const row = addAddress(f, above, to);
      const fours = { size: columns.output, stretch: 4 * tile.vectors };
      emitStretches(f, fours, (x) => {
        const along = f.op("i32.mul", x, 4);
        emitTile(code, tile, {
          axes,
          at,
          depth,
          depthStep,
          image: f.op("i32.add", from, along),
          weights: own,
          target: f.op("i32.add", row, along),
        });
      });
    });
    f.assign(plane, "i32.add", plane, at([planes.stride, 0, 0]));
    f.assign(to, "i32.add", to, 4 * rows.output * columns.output);
  });
}
