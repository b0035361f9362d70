/**
 * Where the boxes of a drawing stand whose arrows all go down: the layered method of Sugiyama, Tagawa and
 * Toda (1981). Boxes are put into layers, long arrows get a place in each layer that they cross, and the
 * order in a layer follows the neighbors above and below.
 *
 * @module
 */

/** A box to be placed. */
export interface Box {
  /** How wide it is. */
  readonly width: number;
  /** Numbers of the boxes that arrows come from, all smaller than its own. */
  readonly inputs: readonly number[];
}

/** Where boxes and arrows are. */
export interface Arrangement {
  /** How wide everything is. */
  readonly width: number;
  /** How high everything is. */
  readonly height: number;
  /** The left upper corner of each box. */
  readonly corners: readonly (readonly [x: number, y: number])[];
  /** The arrows, each through points from the box it comes from to the one it goes to. */
  readonly arrows: readonly {
    readonly from: number;
    readonly to: number;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

/** Sizes of a drawing. */
export interface Spacing {
  /** How high boxes are. */
  readonly boxHeight: number;
  /** Between boxes of a layer. */
  readonly gap: number;
  /** Between layers. */
  readonly layerGap: number;
  /** Around everything. */
  readonly margin: number;
}

/** How often orders and places are improved. */
const SWEEPS = 8;

/** A box, or the place of an arrow in a layer that it crosses. */
interface Place {
  readonly layer: number;
  readonly width: number;
  readonly above: Place[];
  readonly below: Place[];
  /** Its middle. */
  x: number;
}

/**
 * Places boxes.
 *
 * @param boxes The boxes, each after those that arrows to it come from.
 * @param spacing The sizes.
 * @returns Where everything is.
 */
export function arrangeLayers(
  boxes: readonly Box[],
  spacing: Spacing,
): Arrangement {
  const layers = layersOf(boxes);
  const places = boxes.map(({ width }, i): Place => ({
    layer: layers[i]!,
    width,
    above: [],
    below: [],
    x: 0,
  }));
  const rows: Place[][] = Array.from(
    { length: Math.max(0, ...layers) + 1 },
    () => [],
  );
  for (const place of places) rows[place.layer]!.push(place);
  const routes = boxes.flatMap(({ inputs }, to) =>
    [...new Set(inputs)].map((from) => ({
      from,
      to,
      places: connect(places[from]!, places[to]!, rows),
    }))
  );
  arrange(rows, spacing.gap);
  straighten(rows, spacing.gap);
  return positioned({ places, rows, routes, spacing });
}

/**
 * Right above the first that needs it, and what nobody needs right below the last that it needs: what is
 * made of parameters alone stands beside the layer that it belongs to, not all at the top.
 */
function layersOf(boxes: readonly Box[]): number[] {
  const layers: number[] = [];
  for (const { inputs } of boxes) {
    layers.push(Math.max(-1, ...inputs.map((input) => layers[input]!)) + 1);
  }
  const latest = layers.map(() => Infinity);
  for (let i = boxes.length - 1; i >= 0; i--) {
    if (latest[i] !== Infinity) layers[i] = latest[i]!;
    for (const input of boxes[i]!.inputs) {
      latest[input] = Math.min(latest[input]!, layers[i]! - 1);
    }
  }
  return layers;
}

/** The places of an arrow between its ends, which it is given here. */
function connect(from: Place, to: Place, rows: Place[][]): Place[] {
  const between: Place[] = [];
  let last = from;
  for (let layer = from.layer + 1; layer <= to.layer; layer++) {
    const next = layer === to.layer
      ? to
      : { layer, width: 0, above: [], below: [], x: 0 };
    if (next !== to) {
      rows[layer]!.push(next);
      between.push(next);
    }
    last.below.push(next);
    next.above.push(last);
    last = next;
  }
  return between;
}

/** Goes down and up: each time a layer is put into the order of its neighbors, and then near them. */
function arrange(rows: readonly Place[][], gap: number): void {
  for (const row of rows) settle(row, gap);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const goesDown = sweep % 2 === 0;
    for (const row of goesDown ? rows : rows.toReversed()) {
      for (const place of row) {
        const near = goesDown ? place.above : place.below;
        if (near.length > 0) place.x = meanOf(near);
      }
      row.sort((a, b) => a.x - b.x);
      settle(row, gap);
    }
  }
}

/** Goes on without changing the order: between neighbors above and below, arrows become straight. */
function straighten(rows: readonly Place[][], gap: number): void {
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const row of sweep % 2 === 0 ? rows : rows.toReversed()) {
      for (const place of row) {
        const near = [...place.above, ...place.below];
        if (near.length > 0) place.x = meanOf(near);
      }
      settle(row, gap);
    }
  }
}

/** Moves the boxes of a layer apart, as little as that takes, in the order in which they are. */
function settle(row: readonly Place[], gap: number): void {
  const wanted = row.map(({ x }) => x);
  let edge = -Infinity;
  for (const place of row) {
    place.x = Math.max(place.x, edge + gap + place.width / 2);
    edge = place.x + place.width / 2;
  }
  // They have only been moved to the right: half of that, on average, is given back.
  const moved = row.reduce((sum, { x }, i) => sum + x - wanted[i]!, 0);
  for (const place of row) place.x -= moved / row.length;
}

function meanOf(places: readonly Place[]): number {
  return places.reduce((sum, { x }) => sum + x, 0) / places.length;
}

function positioned({ places, rows, routes, spacing }: {
  readonly places: readonly Place[];
  readonly rows: readonly (readonly Place[])[];
  readonly routes: readonly {
    readonly from: number;
    readonly to: number;
    readonly places: readonly Place[];
  }[];
  readonly spacing: Spacing;
}): Arrangement {
  const { boxHeight, layerGap, margin } = spacing;
  const all = rows.flat();
  const left = Math.min(...all.map(({ x, width }) => x - width / 2));
  const right = Math.max(...all.map(({ x, width }) => x + width / 2));
  const xOf = ({ x }: Place) => round(x - left + margin);
  const topOf = ({ layer }: Place) => margin + layer * (boxHeight + layerGap);
  return {
    width: all.length === 0 ? 0 : round(right - left + 2 * margin),
    height: rows.length * (boxHeight + layerGap) - layerGap + 2 * margin,
    corners: places.map((place) => [
      round(xOf(place) - place.width / 2),
      topOf(place),
    ]),
    arrows: routes.map(({ from, to, places: between }) => ({
      from,
      to,
      points: [
        [xOf(places[from]!), topOf(places[from]!) + boxHeight],
        ...between.flatMap((place): [number, number][] => [
          [xOf(place), topOf(place)],
          [xOf(place), topOf(place) + boxHeight],
        ]),
        [xOf(places[to]!), topOf(places[to]!)],
      ],
    })),
  };
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
