import type { Local } from "../assembler/function_types.ts";
import { addAddress, loadAddress, loadNumber } from "../assembler/tables.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { copyRunHelper } from "./copy_run.ts";
import { emitCounted } from "./emit_counted.ts";

/**
 * What the function that copies images is told: which word, from the address of its parameters on,
 * says what. Steps are in bytes.
 */
export const COPY_WORD = {
  /** Addresses of the first image and of its copy. */
  source: 0,
  target: 1,
  /** Channels are numbered along three axes: how many there are along the last two. */
  middle: 2,
  inner: 3,
  /** Steps of the images along these axes. */
  outerStep: 4,
  middleStep: 5,
  innerStep: 6,
  /** Bytes of one copied channel. */
  planeBytes: 7,
  /** Planes and rows, with their steps in the image and in the copy. */
  planes: 8,
  planeFrom: 9,
  planeTo: 10,
  rows: 11,
  rowFrom: 12,
  rowTo: 13,
  /** The runs of a row: how many, and the steps in image and copy; three words a run follow. */
  runs: 14,
  runFrom: 15,
  runTo: 16,
} as const;

/** How many words these are; behind them stand the runs: from, to and count of each. */
export const COPY_WORDS: number = Object.keys(COPY_WORD).length;
/** Words of a run. */
export const RUN_WORDS = 3;

/**
 * Writes the function that copies channels of images: a unit is a channel.
 *
 * @param code Where to write.
 */
export function emitCopyImages(code: VectorCode): void {
  const { f } = code;
  const [begin, end, address] = [0, 1, 2].map((i) => f.parameter(i)) as [
    Local,
    Local,
    Local,
  ];
  const read = (name: keyof typeof COPY_WORD) =>
    loadNumber(f, address, COPY_WORD[name]);
  const channel = f.variable("i32", begin);
  const [middle, inner, planeBytes] = [
    read("middle"),
    read("inner"),
    read("planeBytes"),
  ];
  const [planes, rows] = [read("planes"), read("rows")];
  f.loop((next) => {
    const from = loadAddress(f, address, COPY_WORD.source);
    const move = (count: Local, name: keyof typeof COPY_WORD) =>
      f.assign(from, "i32.add", from, f.op("i32.mul", count, read(name)));
    move(f.op("i32.rem_u", channel, inner), "innerStep");
    const rest = f.op("i32.div_u", channel, inner);
    move(f.op("i32.rem_u", rest, middle), "middleStep");
    move(f.op("i32.div_u", rest, middle), "outerStep");
    const place = f.op("i32.mul", channel, planeBytes);
    const target = loadAddress(f, address, COPY_WORD.target);
    const to = addAddress(f, place, target);
    f.fill(to, 0, planeBytes);
    emitCounted(f, planes, () => {
      const line = { from: f.variable("i32", from), to: f.variable("i32", to) };
      emitCounted(f, rows, () => {
        emitRuns(code, line, address);
        f.assign(line.from, "i32.add", line.from, read("rowFrom"));
        f.assign(line.to, "i32.add", line.to, read("rowTo"));
      });
      f.assign(from, "i32.add", from, read("planeFrom"));
      f.assign(to, "i32.add", to, read("planeTo"));
    });
    f.assign(channel, "i32.add", channel, 1);
    f.branchIf(next, f.op("i32.lt_s", channel, end));
  });
}

/** Writes the copying of the runs of a row. */
function emitRuns(
  code: VectorCode,
  line: { readonly from: Local; readonly to: Local },
  address: Local,
): void {
  const { f } = code;
  const run = f.variable("i32", address);
  const [count, stepFrom, stepTo] = ["runs", "runFrom", "runTo"].map((name) =>
    loadNumber(f, address, COPY_WORD[name as "runs"])
  ) as [Local, Local, Local];
  emitCounted(f, count, () => {
    const word = (i: number) => loadNumber(f, run, COPY_WORDS + i);
    f.run(
      copyRunHelper(code.module),
      f.op("i32.add", line.from, word(0)),
      f.op("i32.add", line.to, word(1)),
      word(2),
      stepFrom,
      stepTo,
    );
    f.assign(run, "i32.add", run, f.addressBytes * RUN_WORDS);
  });
}
