import {
  contiguousStrides,
  type Shape,
  sizeOf,
} from "../../../core/base/mod.ts";
import {
  type ConvolutionKernel,
  type Expression,
  outputShape,
} from "../../ir/mod.ts";
import type { Pass } from "../gpu_kernel.ts";
import { bitsText } from "../wgsl/elements.ts";
import { coordinateText } from "../wgsl/indices.ts";
import { scopeAt } from "../wgsl/scope_at.ts";
import { ShaderText } from "../wgsl/shader_text.ts";
import { readByVectors, sharedLoads } from "../wgsl/vector_loads.ts";
import { VECTOR } from "../wgsl/vector_views.ts";
import { writeValue } from "../wgsl/write_value.ts";
import { IMAGE_SCRATCH, imageSpace, WEIGHT_SCRATCH } from "./pack_windows.ts";
import type { WindowBlocks } from "./window_blocks.ts";

const THREADS = 64;

/** Number of the array of the kernel's own that keeps sums of parts. */
export const SUM_SCRATCH = 2;

/** Sums that lie side by side in the output. */
interface Run {
  readonly sums: readonly string[];
  /** The number of the first one's element. */
  readonly start: string;
  /** What must hold for each of them to be there; nothing where that is known. */
  readonly conditions: readonly string[];
}

/**
 * Writes the sums of a convolution whose images and weights have been laid out: each invocation keeps
 * those of a block, and goes through depth once. What is read are vectors, in places that are known to
 * be there.
 *
 * @param kernel The convolution.
 * @param blocks How it is divided.
 * @param options For each operand, the number of its array; and whether sums are kept for another
 * dispatch to finish.
 * @returns The dispatch.
 */
export function sumBlocks(
  kernel: ConvolutionKernel,
  blocks: WindowBlocks,
  { slots, isPartial }: {
    readonly slots: readonly number[];
    readonly isPartial: boolean;
  },
): Pass {
  // Images and weights are read from where they have been laid out; the epilogue knows the others.
  const shader = new ShaderText(slots.slice(2));
  const items = itemSpace(kernel, blocks);
  const count = sizeOf(items);
  const at = (axis: number) => coordinateText(items, axis, "item");
  const names = ["part", "image", "family", "block"];
  const last = items.length - 1;
  const { turns, parts, channels, rows, places } = blocks;
  const share = Math.ceil(turns / parts);
  const sums = sumNames(channels, rows, places);
  const runs = runsOf(kernel, blocks, sums);
  const stores = runs.flatMap((run) => {
    const lines = isPartial
      ? keepRun(shader, kernel, run)
      : finishRun(shader, kernel, { run, slots });
    return guarded(run.conditions, lines);
  });
  return shader.pass({
    threads: THREADS,
    workgroups: Math.ceil(count / THREADS),
    body: [
      `let wanted = group * ${THREADS}u + thread;`,
      `let item = min(wanted, ${count - 1}u);`,
      ...names.map((name, axis) => `let ${name} = ${at(axis)};`),
      ...blocks.z.map((_, i) => `let z${i} = ${at(names.length + i)};`),
      `let row = ${at(last - 1)} * ${rows};`,
      `let tile = ${at(last)};`,
      ...sums.flat(2).map((sum) => `var ${sum} = 0.0;`),
      ...parts === 1 ? [`for (var k = 0u; k < ${turns}u; k++) {`] : [
        `let end = min((u32(part) + 1u) * ${share}u, ${turns}u);`,
        `for (var k = u32(part) * ${share}u; k < end; k++) {`,
      ],
      ...turn(shader, kernel, { blocks, sums }),
      "}",
      ...guarded(
        count % THREADS === 0 ? [] : [`wanted < ${count}u`],
        stores,
      ),
    ],
  });
}

/** The index space of invocations: parts, images, groups, blocks of channels, and places. */
function itemSpace(
  { batch, groups }: ConvolutionKernel,
  { parts, channelBlocks, z, rowBlocks, placeBlocks }: WindowBlocks,
): Shape {
  const deep = z.map(({ output }) => output);
  return [parts, batch, groups, channelBlocks, ...deep, rowBlocks, placeBlocks];
}

/** Names of the sums by channel, row and place. */
function sumNames(
  channels: number,
  rows: number,
  places: number,
): readonly (readonly (readonly string[])[])[] {
  return Array.from(
    { length: channels },
    (_, c) =>
      Array.from(
        { length: rows },
        (_, r) => Array.from({ length: places }, (_, p) => `s${c}_${r}_${p}`),
      ),
  );
}

function guarded(
  conditions: readonly string[],
  lines: readonly string[],
): readonly string[] {
  return conditions.length === 0
    ? lines
    : [`if (${conditions.join(" && ")}) {`, ...lines, "}"];
}

/** What is added in one turn: the products of a window's rows that are written out. */
function turn(
  shader: ShaderText,
  kernel: ConvolutionKernel,
  { blocks, sums }: {
    readonly blocks: WindowBlocks;
    readonly sums: readonly (readonly (readonly string[])[])[];
  },
): readonly string[] {
  const { z, y, x, tall, rows, channels, channelBlocks, turns } = blocks;
  const { imageVectors, weightVectors } = blocks;
  const steps = contiguousStrides(imageSpace(kernel, blocks));
  const walked = [
    kernel.depth,
    ...z.map((axis) => axis.kernel),
    y.kernel / tall,
  ];
  const inTurn = (axis: number) => coordinateText(walked, axis, "k");
  const rowStep = steps.at(-3)!;
  const place = [
    `image * ${steps[0]} + family * ${steps[1]} + ${inTurn(0)} * ${steps[2]}`,
    ...z.map(({ stride, dilation }, i) =>
      `(z${i} * ${stride} + ${inTurn(1 + i)} * ${dilation}) * ${steps[3 + i]}`
    ),
    `(row * ${y.stride} + ${
      inTurn(1 + z.length)
    } * ${y.dilation}) * ${rowStep}`,
    `tile * ${steps.at(-2)}`,
  ].join(" + ");
  const lines = [
    `let imageAt = u32(${place});`,
    `let weightAt = (u32(family * ${channelBlocks} + block) * ${turns}u + k) * ${
      tall * weightVectors
    }u;`,
  ];
  const read = (scratch: number, name: string, at: string) => {
    const array = shader.scratchVectors(scratch, { isWritten: false });
    lines.push(`let ${name} = bitcast<vec4<f32>>(${array}[${at}]);`);
  };
  for (let i = 0; i < tall * weightVectors; i++) {
    read(WEIGHT_SCRATCH, `w${i}`, `weightAt + ${i}u`);
  }
  const lineOf = (r: number, k: number) => r * y.stride + k * y.dilation;
  const known = new Set<number>();
  for (let k = 0; k < tall; k++) {
    for (let r = 0; r < rows; r++) {
      const line = lineOf(r, k);
      if (!known.has(line)) {
        known.add(line);
        for (let i = 0; i < imageVectors; i++) {
          read(
            IMAGE_SCRATCH,
            `q${line}_${i}`,
            `imageAt + ${line * rowStep + i}u`,
          );
        }
      }
      for (let kx = 0; kx < x.kernel; kx++) {
        sums.forEach((ofChannel, c) => {
          const weight = kx * channels + c;
          const four = k * weightVectors + Math.floor(weight / VECTOR);
          ofChannel[r]!.forEach((sum, p) => {
            const at = p * x.stride + kx * x.dilation;
            const pixel = `q${line}_${Math.floor(at / VECTOR)}[${at % VECTOR}]`;
            lines.push(
              `${sum} = fma(w${four}[${weight % VECTOR}], ${pixel}, ${sum});`,
            );
          });
        });
      }
    }
  }
  return lines;
}

/** Which sums lie side by side: those of whole rows all, else those of a row. */
function runsOf(
  { groups, channels }: ConvolutionKernel,
  blocks: WindowBlocks,
  sums: readonly (readonly (readonly string[])[])[],
): readonly Run[] {
  const { z, y, x, rows, rowBlocks, places, placeBlocks } = blocks;
  const deep = z.map(({ output }) => output);
  const steps = contiguousStrides([...deep, y.output, x.output]);
  const plane = sizeOf([...deep, y.output, x.output]);
  const isWhole = placeBlocks === 1 && rows * rowBlocks === y.output;
  return sums.flatMap((ofChannel, c) => {
    const channel = `(block * ${blocks.channels} + ${c})`;
    const start = [
      `((image * ${groups} + family) * ${channels} + ${channel}) * ${plane}`,
      ...z.map((_, i) => `z${i} * ${steps[i]}`),
    ].join(" + ");
    const isChannel = blocks.channels * blocks.channelBlocks === channels
      ? []
      : [`${channel} < ${channels}`];
    const lines = isWhole ? [ofChannel.flat()] : ofChannel;
    return lines.flatMap((line, r): readonly Run[] => {
      const first = `${start} + (row + ${r}) * ${x.output} + tile * ${places}`;
      const conditions = rows * rowBlocks === y.output
        ? isChannel
        : [...isChannel, `row + ${r} < ${y.output}`];
      if (places * placeBlocks === x.output) {
        return [{ sums: line, start: first, conditions }];
      }
      return line.map((sum, p) => ({
        sums: [sum],
        start: `${first} + ${p}`,
        conditions: [...conditions, `tile * ${places} + ${p} < ${x.output}`],
      }));
    });
  });
}

/** Keeps sums for another dispatch, part after part. */
function keepRun(
  shader: ShaderText,
  kernel: ConvolutionKernel,
  { sums, start }: Run,
): readonly string[] {
  const size = sizeOf(outputShape(kernel));
  const first = shader.fresh("e");
  const lines = [`let ${first} = u32(part * ${size} + ${start});`];
  if (sums.length % VECTOR !== 0) {
    const array = shader.scratch(SUM_SCRATCH, { isWritten: true });
    return [
      ...lines,
      ...sums.map((sum, i) =>
        `${array}[${first} + ${i}u] = bitcast<u32>(${sum});`
      ),
    ];
  }
  const array = shader.scratchVectors(SUM_SCRATCH, { isWritten: true });
  for (let i = 0; i < sums.length; i += VECTOR) {
    const four = `vec4<f32>(${sums.slice(i, i + VECTOR).join(", ")})`;
    lines.push(
      `${array}[${first} / ${VECTOR}u + ${
        i / VECTOR
      }u] = bitcast<vec4<u32>>(${four});`,
    );
  }
  return lines;
}

/** Hands sums over to the epilogue, and stores what it makes of them. */
function finishRun(
  shader: ShaderText,
  kernel: ConvolutionKernel,
  { run: { sums, start }, slots }: {
    readonly run: Run;
    readonly slots: readonly number[];
  },
): readonly string[] {
  const { dtype } = kernel;
  const operands = kernel.operands.slice(2);
  const body = ownEpilogue(kernel);
  const space = outputShape(kernel);
  const first = shader.fresh("e");
  const lines = [`let ${first} = u32(${start});`];
  const elements = sums.map((_, i) => {
    const name = shader.fresh("e");
    lines.push(`let ${name} = ${first} + ${i}u;`);
    return name;
  });
  const readings = sums.length % VECTOR === 0
    ? readByVectors({ space, operands, body }, slots.slice(2), {
      isOutputVector: true,
    })
    : undefined;
  const bitsOf = (sum: string, scope: ReturnType<typeof scopeAt>) => {
    const value = writeValue(shader, body, { ...scope, accumulator: sum });
    lines.push(...value.lines);
    return bitsText(shader, dtype, value.result);
  };
  if (!readings) {
    sums.forEach((sum, i) => {
      const place = elements[i]!;
      const bits = bitsOf(sum, scopeAt(shader, operands, [{ space, place }]));
      lines.push(`${shader.output()}[${place}] = ${bits};`);
    });
    return lines;
  }
  for (let i = 0; i < sums.length; i += VECTOR) {
    const { lines: loads, scopes } = sharedLoads(shader, {
      operands,
      readings,
      elements: elements.slice(i, i + VECTOR),
      partsAt: (place) => [{ space, place }],
    });
    lines.push(...loads);
    const words = scopes.map((scope, j) => bitsOf(sums[i + j]!, scope));
    lines.push(
      `${shader.outputVectors()}[${elements[i]} / ${VECTOR}u] = vec4<u32>(${
        words.join(", ")
      });`,
    );
  }
  return lines;
}

/** The epilogue as a dispatch sees it that is not bound to images and weights. */
function ownEpilogue({ epilogue }: ConvolutionKernel): Expression {
  return epilogue.map((each) =>
    each.kind === "load" || each.kind === "gather"
      ? { ...each, operand: each.operand - 2 }
      : each
  );
}
