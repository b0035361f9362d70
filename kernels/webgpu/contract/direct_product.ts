import {
  type GpuTraits,
  type Pass,
  SOFTWARE_TURNS_MAX,
} from "../gpu_kernel.ts";
import type { ShaderText } from "../wgsl/shader_text.ts";
import {
  type GpuProduct,
  multiplyAddText,
  PRODUCT_TYPES,
  type ProductSide,
} from "./product.ts";

/** Numbers of a vector, and steps in depth that are written out. */
const FOUR = 4;
/** Rows and columns that an invocation computes, where there are as many. */
const BLOCK = 8;
/** Products of fewer multiply-adds are done before so much code would be compiled. */
const DIRECT_MIN = 2 ** 18;
/** Invocations side by side along the columns of a workgroup. */
const ACROSS = 8;

/** Half of the turns that there are. */
const DIRECT_DEPTH_MAX = FOUR * Math.floor(SOFTWARE_TURNS_MAX / 2);

/**
 * Tells whether a product is written directly, rather than by tiles.
 *
 * @param product Its sizes.
 * @param traits What is known of the device.
 * @returns Whether it is.
 */
export function isDirect(
  { batches, rows, columns, depth }: Pick<
    GpuProduct,
    "batches" | "rows" | "columns" | "depth"
  >,
  { variant }: Pick<GpuTraits, "variant">,
): boolean {
  return variant === "alone" && depth <= DIRECT_DEPTH_MAX &&
    batches * rows * columns * depth >= DIRECT_MIN;
}

/** How the output is divided. */
interface Division {
  /** Rows of an invocation. */
  readonly rows: number;
  /** Columns of an invocation. */
  readonly columns: number;
  /** Invocations of a workgroup, one below another. */
  readonly down: number;
}

/**
 * Writes products of matrices for a software device: each invocation reads what it needs from where it
 * lies. There a workgroup's own memory is memory like any other, and a barrier costs more than the
 * reading that it saves; what counts is how many sums a number that has been read goes into.
 *
 * @param shader Where to write.
 * @param product The product.
 * @returns The dispatch.
 */
export function writeDirectProduct(
  shader: ShaderText,
  product: GpuProduct,
): Pass {
  const { batches, rows, columns, depth, dtype } = product;
  const division = divide(product);
  const [height, width] = [
    division.rows * division.down,
    division.columns * ACROSS,
  ];
  const [tall, wide] = [Math.ceil(rows / height), Math.ceil(columns / width)];
  const { scalar, zero } = PRODUCT_TYPES[dtype];
  const whole = depth - depth % FOUR;
  const rest = Array.from({ length: depth - whole }, (_, i) => whole + i);
  const body = [
    `let batch = group / ${tall * wide}u;`,
    `let row = ((group / ${wide}u) % ${tall}u * ${division.down}u + thread / ${ACROSS}u) * ${division.rows}u;`,
    `let column = (group % ${wide}u * ${ACROSS}u + thread % ${ACROSS}u) * ${division.columns}u;`,
    ...eachSum(division, (name) => `var ${name}: ${scalar} = ${zero};`),
    ...whole > 0
      ? [
        `for (var k = 0u; k < ${whole}u; k += ${FOUR}u) {`,
        ...fourSteps(shader, product, division),
        "}",
      ]
      : [],
    ...rest.flatMap((k) => oneStep(shader, product, { division, k })),
    ...finish(product, division),
  ];
  const threads = ACROSS * division.down;
  return shader.pass({ threads, workgroups: batches * tall * wide, body });
}

/** Few rows or columns are not rounded up to a whole block; small outputs make small workgroups. */
function divide({ batches, rows, columns }: GpuProduct): Division {
  const own = {
    rows: Math.min(BLOCK, rows),
    columns: Math.min(BLOCK, columns),
  };
  const groups = batches * Math.ceil(rows / (own.rows * ACROSS)) *
    Math.ceil(columns / (own.columns * ACROSS));
  return { ...own, down: groups >= 16 ? ACROSS : 1 };
}

function eachSum(
  { rows, columns }: Division,
  write: (name: string, row: number, column: number) => string,
): readonly string[] {
  return Array.from(
    { length: rows * columns },
    (_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      return write(`sum${row}_${column}`, row, column);
    },
  );
}

/** The numbers of one side for some steps in depth. */
interface Factors {
  readonly lines: readonly string[];
  /** The name of the number of a line (a row of the left side, a column of the right) and a step. */
  readonly at: (line: number, step: number) => string;
}

function fourSteps(
  shader: ShaderText,
  product: GpuProduct,
  division: Division,
): readonly string[] {
  const steps = Array.from({ length: FOUR }, (_, i) => `(k + ${i}u)`);
  const sides = (["left", "right"] as const).map((side) => {
    const fours = product[side].loadFour &&
      vectorFactors(shader, product, { side, division });
    return fours ?? scalarFactors(shader, product, { side, division, steps });
  }) as [Factors, Factors];
  return [
    ...sides.flatMap(({ lines }) => lines),
    ...Array.from(
      { length: FOUR },
      (_, step) => addProducts(product, division, { sides, step }),
    ).flat(),
  ];
}

function oneStep(
  shader: ShaderText,
  product: GpuProduct,
  { division, k }: { readonly division: Division; readonly k: number },
): readonly string[] {
  const steps = [`${k}u`];
  const sides = (["left", "right"] as const).map((side) =>
    scalarFactors(shader, product, { side, division, steps })
  ) as [Factors, Factors];
  return [
    ...sides.flatMap(({ lines }) => lines),
    ...addProducts(product, division, { sides, step: 0 }),
  ];
}

function addProducts(
  { dtype }: GpuProduct,
  division: Division,
  { sides: [left, right], step }: {
    readonly sides: readonly [Factors, Factors];
    readonly step: number;
  },
): readonly string[] {
  return eachSum(
    division,
    (sum, row, column) =>
      `${sum} = ${
        multiplyAddText(dtype, {
          sum,
          left: left.at(row, step),
          right: right.at(column, step),
        })
      };`,
  );
}

interface Reading {
  readonly side: "left" | "right";
  readonly division: Division;
}

/** The lines of a side: how many an invocation has, where they start, and how many there are. */
function linesOf(product: GpuProduct, { side, division }: Reading) {
  return side === "left"
    ? { own: division.rows, start: "row", count: product.rows }
    : { own: division.columns, start: "column", count: product.columns };
}

function loaderOf(
  side: "left" | "right",
  load: ProductSide["load"],
): (line: string, step: string) => string {
  return side === "left" ? load : (line, step) => load(step, line);
}

/** Reads number by number, in the last line again where there is no other. */
function scalarFactors(
  shader: ShaderText,
  product: GpuProduct,
  { steps, ...reading }: Reading & { readonly steps: readonly string[] },
): Factors {
  const { own, start, count } = linesOf(product, reading);
  const { scalar } = PRODUCT_TYPES[product.dtype];
  const load = loaderOf(reading.side, product[reading.side].load);
  const name = shader.fresh("f");
  const lines: string[] = [];
  for (let line = 0; line < own; line++) {
    const place = `${name}_${line}`;
    lines.push(`let ${place} = min(${start} + ${line}u, ${count - 1}u);`);
    steps.forEach((step, i) =>
      lines.push(`let ${place}_${i} = ${scalar}(${load(place, step)});`)
    );
  }
  return { lines, at: (line, step) => `${name}_${line}_${step}` };
}

/** Reads by vectors: of steps of a line, or of lines at a step. */
function vectorFactors(
  shader: ShaderText,
  product: GpuProduct,
  reading: Reading,
): Factors | undefined {
  const { own, start, count } = linesOf(product, reading);
  const { runsAlongDepth, loadFour } = product[reading.side];
  const load = loaderOf(reading.side, loadFour!);
  const name = shader.fresh("f");
  const lines: string[] = [];
  if (runsAlongDepth) {
    for (let line = 0; line < own; line++) {
      const place = `min(${start} + ${line}u, ${count - 1}u)`;
      lines.push(`let ${name}_${line} = ${load(place, "k")};`);
    }
    return { lines, at: (line, step) => `${name}_${line}[${step}]` };
  }
  if (own % FOUR !== 0) return undefined;
  for (let step = 0; step < FOUR; step++) {
    for (let line = 0; line < own; line += FOUR) {
      const place = `min(${start} + ${line}u, ${count - FOUR}u)`;
      lines.push(
        `let ${name}_${step}_${line} = ${load(place, `(k + ${step}u)`)};`,
      );
    }
  }
  return {
    lines,
    at: (line, step) => `${name}_${step}_${line - line % FOUR}[${line % FOUR}]`,
  };
}

/**
 * Hands over the sums that lie inside the output, in a loop: what becomes of them may be long, and
 * would be compiled as often as it is written out.
 */
function finish(product: GpuProduct, division: Division): readonly string[] {
  const { rows, columns, dtype } = product;
  const count = division.rows * division.columns;
  const sums = eachSum(division, (name) => name);
  const { scalar } = PRODUCT_TYPES[dtype];
  return [
    `var sums = array<${scalar}, ${count}>(${sums.join(", ")});`,
    `for (var i = 0u; i < ${count}u; i++) {`,
    `let y = row + i / ${division.columns}u;`,
    `let x = column + i % ${division.columns}u;`,
    `if (y < ${rows}u && x < ${columns}u) {`,
    ...product.finish("y", "x", "sums[i]"),
    "}",
    "}",
  ];
}
