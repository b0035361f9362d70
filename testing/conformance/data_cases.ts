import { assertFunction, isCoded } from "../../core/base/mod.ts";
import {
  type Batch,
  batchesFrom,
  type BatchSource,
} from "../../nn/data/batch.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertClose, AssertionError } from "../assert_close.ts";
import type { ConformanceCase } from "./conformance_case.ts";

/** Options of {@linkcode dataCases}. */
export interface DataCasesOptions {
  /**
   * Makes the same source over data that cannot be read: a file that is cut off, a server that is gone.
   * Without it, nothing is asked about failures.
   */
  readonly broken?: () => BatchSource | Promise<BatchSource>;
}

/** A batch whose memory has been given back. */
interface Read {
  readonly shapes: readonly (readonly number[])[];
  readonly inputs: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
}

type Make = () => BatchSource | Promise<BatchSource>;

/**
 * Lists what every source of data promises, for tests of its own each: as many batches as it announces,
 * the same ones whenever a pass is asked for, the rest of a pass where training goes on in the middle of
 * it, passes that do not disturb each other, an end when its caller has enough, and failures that are
 * told.
 *
 * @example The tests of a source
 * ```ts
 * import { ArrayDataset, DataLoader } from "@spiraltorch/spiraltorch/nn";
 * import { dataCases } from "@spiraltorch/spiraltorch/testing";
 *
 * const points = new ArrayDataset({
 *   inputs: Float32Array.of(0, 1, 2, 3, 4),
 *   inputShape: [1],
 *   targets: Int32Array.of(0, 1, 0, 1, 0),
 * });
 * const make = () => new DataLoader(points, { batchSize: 2, shuffle: true });
 * // In a file of tests: Deno.test(`points ${name}`, run)
 * for (const { run } of dataCases(make)) await run();
 * ```
 *
 * @param create Makes the source, of at least two batches; each test makes its own.
 * @param options How it is seen to fail.
 * @returns The tests.
 * @throws {OptionError} `INVALID_OPTION` if there is no function.
 */
export function dataCases(
  create: () => BatchSource | Promise<BatchSource>,
  options?: DataCasesOptions,
): readonly ConformanceCase[] {
  assertFunction("dataCases create", create);
  const { broken } = optionsOf<DataCasesOptions>("dataCases", options);
  if (broken !== undefined) assertFunction("dataCases broken", broken);
  const cases: Record<string, () => Promise<void>> = {
    "gives as many batches and samples as it announces": () => counts(create),
    "gives the same batches whenever a pass is asked for": () =>
      repeats(create),
    "goes on from any batch": () => resumes(create),
    "gives passes that do not disturb each other": () => interleaves(create),
    "ends when its caller has enough, and begins anew": () => ends(create),
    "gives batches that own their memory": () => owns(create),
    ...broken && { "tells that it fails": () => fails(broken) },
  };
  return Object.entries(cases).map(([name, run]) => ({ name, run }));
}

async function counts(create: Make): Promise<void> {
  const data = await create();
  const batches = await readAll(data.epoch(0));
  insist(batches.length >= 2, `${batches.length} batches`, "at least two");
  let samples = 0;
  for (const { shapes: [inputs = [], targets = []] } of batches) {
    const isSame = inputs[0] === targets[0] && inputs[0]! > 0;
    const found = `inputs of shape [${inputs}] and targets of [${targets}]`;
    insist(isSame, found, "the same number of samples, above 0");
    samples += inputs[0]!;
  }
  const { batchCount = batches.length, sampleCount = samples } = data;
  insist(
    batchCount === batches.length,
    batchCount,
    `${batches.length} batches`,
  );
  insist(sampleCount === samples, sampleCount, `${samples} samples`);
}

async function repeats(create: Make): Promise<void> {
  const data = await create();
  for (const epoch of [0, 1]) {
    const before = await readAll(data.epoch(epoch));
    assertSame(await readAll(data.epoch(epoch)), before);
    // Training that goes on does so in another process.
    assertSame(await readAll((await create()).epoch(epoch)), before);
  }
}

async function resumes(create: Make): Promise<void> {
  const data = await create();
  const whole = await readAll(data.epoch(1));
  for (const batch of new Set([0, 1, whole.length - 1, whole.length])) {
    const rest = await readAll(batchesFrom(await create(), 1, { batch }));
    assertSame(rest, whole.slice(batch));
  }
}

async function interleaves(create: Make): Promise<void> {
  const data = await create();
  const whole = await readAll(data.epoch(0));
  const passes = [data.epoch(0), data.epoch(0)].map((pass) =>
    pass[Symbol.asyncIterator]()
  );
  const read: Read[][] = [[], []];
  for (const _ of whole) {
    for (const [i, pass] of passes.entries()) {
      const { value, done } = await pass.next();
      if (done !== true) read[i]!.push(await readBatch(value));
    }
  }
  for (const pass of passes) await pass.return?.();
  for (const batches of read) assertSame(batches, whole);
}

async function ends(create: Make): Promise<void> {
  const data = await create();
  const whole = await readAll(data.epoch(0));
  for await (const batch of data.epoch(0)) {
    batch[Symbol.dispose]();
    break;
  }
  assertSame(await readAll(data.epoch(0)), whole);
}

async function owns(create: Make): Promise<void> {
  const data = await create();
  const kept: Batch[] = [];
  for await (const batch of data.epoch(0)) kept.push(batch);
  const whole = await readAll(data.epoch(0));
  const read: Read[] = [];
  for (const batch of kept) read.push(await readBatch(batch));
  assertSame(read, whole);
  for (const { inputs } of kept) {
    const isGone = await inputs.data().then(() => false, isCoded);
    insist(isGone, "elements of a batch that was disposed", "them gone");
  }
}

async function fails(broken: Make): Promise<void> {
  let count = 0;
  try {
    for await (const batch of (await broken()).epoch(0)) {
      batch[Symbol.dispose]();
      count++;
    }
  } catch (error) {
    insist(isCoded(error), `the error ${error}`, "one with a code");
    return;
  }
  insist(false, `an end after ${count} batches`, "an error");
}

async function readAll(batches: AsyncIterable<Batch>): Promise<Read[]> {
  const read: Read[] = [];
  for await (const batch of batches) read.push(await readBatch(batch));
  return read;
}

async function readBatch(given: Batch): Promise<Read> {
  using batch = given;
  const { inputs, targets } = batch;
  return {
    shapes: [inputs.shape, targets.shape],
    inputs: await inputs.data(),
    targets: await targets.data(),
  };
}

function assertSame(found: readonly Read[], wanted: readonly Read[]): void {
  const isSame = found.length === wanted.length;
  insist(isSame, `${found.length} batches`, String(wanted.length));
  for (const [i, { shapes, inputs, targets }] of found.entries()) {
    const want = wanted[i]!;
    const texts = [shapes, want.shapes].map((all) => all.join(" and "));
    insist(texts[0] === texts[1], `shapes ${texts[0]}`, `${texts[1]}`);
    const exactly = { tolerance: 0, equalNaN: true };
    assertClose(inputs, want.inputs, exactly);
    assertClose(targets, want.targets, exactly);
  }
}

function insist(holds: boolean, found: unknown, wanted: string): void {
  if (holds) return;
  throw new AssertionError(
    `Cannot accept a source of data: found ${found}, wanted ${wanted}`,
  );
}
