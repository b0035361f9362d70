import type { Pass } from "../gpu_kernel.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import { type GpuProduct, multiplyAddText, PRODUCT_TYPES } from "./product.ts";

/** Each invocation computes a square of so many rows and columns. */
const SQUARE = 4;

/** What a workgroup computes. */
export interface Tile {
  /** Invocations along the columns. */
  readonly across: number;
  /** Invocations along the rows. */
  readonly down: number;
  /** How deep a step is. */
  readonly step: number;
}

/**
 * Writes products of matrices: a workgroup computes a tile of the output, step by step in depth, from
 * parts of both sides that it has brought into its own memory; each invocation keeps 4×4 sums.
 *
 * The steps are a loop, what is in a step is written out: naga guards every loop with a counter. Where
 * workgroups share the sums of a tile, `part` tells them apart.
 *
 * @param shader Where to write.
 * @param product The product.
 * @returns The dispatch.
 */
export function writeTiledProduct(
  shader: ShaderText,
  product: GpuProduct,
): Pass {
  const { batches, depth, dtype, parts = 1 } = product;
  const { tile, tall, wide, workgroups } = tilesOf(product);
  const threads = tile.across * tile.down;
  const [height, width] = [tile.down * SQUARE, tile.across * SQUARE];
  const { vector } = PRODUCT_TYPES[dtype];
  const lefts = shader.shared(`array<${vector}, ${tile.step * tile.down}>`);
  const rights = shader.shared(`array<${vector}, ${tile.step * tile.across}>`);
  const body = [
    ...parts === 1 ? [`let batch = group / ${tall * wide}u;`] : [
      `let batch = group / ${tall * wide}u % ${batches}u;`,
      `let part = group / ${workgroups}u;`,
    ],
    `let top = (group / ${wide}u) % ${tall}u * ${height}u;`,
    `let edge = group % ${wide}u * ${width}u;`,
    `let down = thread / ${tile.across}u;`,
    `let across = thread % ${tile.across}u;`,
    ...Array.from(
      { length: SQUARE },
      (_, i) => `var sum${i} = ${vector}();`,
    ),
    ...depthLoop({ depth, parts, step: tile.step }),
    ...fill(shader, { ...product, tile, threads, array: lefts, side: "left" }),
    ...fill(shader, {
      ...product,
      tile,
      threads,
      array: rights,
      side: "right",
    }),
    "workgroupBarrier();",
    ...multiply({ tile, dtype, lefts, rights }),
    "workgroupBarrier();",
    "}",
    ...finish(product),
  ];
  return shader.pass({ threads, workgroups: workgroups * parts, body });
}

/** Begins the loop over the steps; a part has whole ones. */
function depthLoop(
  { depth, parts, step }: {
    readonly depth: number;
    readonly parts: number;
    readonly step: number;
  },
): readonly string[] {
  if (parts === 1) {
    return [`for (var k = 0u; k < ${depth}u; k += ${step}u) {`];
  }
  const share = Math.ceil(depth / (parts * step)) * step;
  return [
    `let end = min((part + 1u) * ${share}u, ${depth}u);`,
    `for (var k = part * ${share}u; k < end; k += ${step}u) {`,
  ];
}

/** The tiles of an output. */
export interface Tiles {
  /** What each is like. */
  readonly tile: Tile;
  /** How many there are, one below another. */
  readonly tall: number;
  /** How many, side by side. */
  readonly wide: number;
  /** How many of all products. */
  readonly workgroups: number;
}

/**
 * Divides the output of a product into tiles: large ones read less, small ones leave nobody idle.
 *
 * @param product Its sizes.
 * @returns The tiles.
 */
export function tilesOf(
  { batches, rows, columns, hasSmallTiles = false }: Pick<
    GpuProduct,
    "batches" | "rows" | "columns" | "hasSmallTiles"
  >,
): Tiles {
  const large = batches * Math.ceil(rows / 64) * Math.ceil(columns / 64);
  const tile = !hasSmallTiles && Math.min(rows, columns) > 32 && large >= 16
    ? { across: 16, down: 16, step: 16 }
    : { across: 8, down: 8, step: 16 };
  const tall = Math.ceil(rows / (tile.down * SQUARE));
  const wide = Math.ceil(columns / (tile.across * SQUARE));
  return { tile, tall, wide, workgroups: batches * tall * wide };
}

interface Filling extends GpuProduct {
  readonly tile: Tile;
  readonly threads: number;
  readonly array: string;
  readonly side: "left" | "right";
}

/** Brings a part of one side into the workgroup's memory, zeros where the side ends. */
function fill(shader: ShaderText, filling: Filling): readonly string[] {
  const { tile, threads, array, side, dtype, rows, columns, depth } = filling;
  const isLeft = side === "left";
  const extent = isLeft ? tile.down : tile.across;
  const width = extent * SQUARE;
  const end = isLeft ? rows : columns;
  const { load, runsAlongDepth } = filling[side];
  const { zero } = PRODUCT_TYPES[dtype];
  const count = width * tile.step / threads;
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const [at, deep, place, far, value] = ["n", "n", "n", "n", "n"].map((
      letter,
    ) => shader.fresh(letter)) as [string, string, string, string, string];
    const [slow, fast] = runsAlongDepth
      ? [`${at} / ${tile.step}u`, `${at} % ${tile.step}u`]
      : [`${at} % ${width}u`, `${at} / ${width}u`];
    const outer = isLeft ? "top" : "edge";
    const element = isLeft
      ? load(
        `min(${far}, ${Math.max(0, end - 1)}u)`,
        `min(k + ${deep}, ${Math.max(0, depth - 1)}u)`,
      )
      : load(
        `min(k + ${deep}, ${Math.max(0, depth - 1)}u)`,
        `min(${far}, ${Math.max(0, end - 1)}u)`,
      );
    lines.push(
      `let ${at} = thread + ${i * threads}u;`,
      `let ${place} = ${slow};`,
      `let ${deep} = ${fast};`,
      `let ${far} = ${outer} + ${place};`,
      `let ${value} = select(${zero}, ${
        PRODUCT_TYPES[dtype].scalar
      }(${element}), ${far} < ${end}u && k + ${deep} < ${depth}u);`,
      `${array}[${deep} * ${extent}u + ${place} / 4u][${place} % 4u] = ${value};`,
    );
  }
  return lines;
}

function multiply(
  { tile, dtype, lefts, rights }: {
    readonly tile: Tile;
    readonly dtype: GpuProduct["dtype"];
    readonly lefts: string;
    readonly rights: string;
  },
): readonly string[] {
  const { vector } = PRODUCT_TYPES[dtype];
  return Array.from({ length: tile.step }, (_, k) => {
    const sums = Array.from({ length: SQUARE }, (_, i) => {
      const sum = `sum${i}`;
      const left = `${vector}(a[${i}])`;
      return `${sum} = ${multiplyAddText(dtype, { sum, left, right: "b" })};`;
    });
    return [
      "{",
      `let a = ${lefts}[${k * tile.down}u + down];`,
      `let b = ${rights}[${k * tile.across}u + across];`,
      ...sums,
      "}",
    ].join("\n");
  });
}

/** Hands over the sums that lie inside the output. */
function finish(product: GpuProduct): readonly string[] {
  const { rows, columns } = product;
  const lines = [
    `let row = top + down * ${SQUARE}u;`,
    `let column = edge + across * ${SQUARE}u;`,
  ];
  for (let i = 0; i < SQUARE; i++) {
    for (let j = 0; j < SQUARE; j++) {
      lines.push(
        `if (row + ${i}u < ${rows}u && column + ${j}u < ${columns}u) {`,
        ...product.finish(`(row + ${i}u)`, `(column + ${j}u)`, `sum${i}[${j}]`),
        "}",
      );
    }
  }
  return lines;
}
