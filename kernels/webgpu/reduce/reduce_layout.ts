/** How the work of a reduction is divided. */
export interface ReduceLayout {
  /** Results a workgroup; neighbouring invocations compute different ones. */
  readonly results: number;
  /** Invocations a result. */
  readonly lanes: number;
  /** Parts that the values of one result are divided into, each a workgroup's affair. */
  readonly parts: number;
}

/** What a reduction has to do. */
export interface ReduceSizes {
  /** How many results there are. */
  readonly results: number;
  /** How many values each is made of. */
  readonly length: number;
  /** Whether values of one result lie side by side, rather than those of neighbouring results. */
  readonly isAlongRows: boolean;
}

const THREADS = 256;
/** So many workgroups keep a device busy. */
const GROUPS_WANTED = 256;
/** A part has at least so many values for each of its invocations. */
const PART_MIN = 16;

/**
 * Divides the work of a reduction.
 *
 * @param sizes What there is to do.
 * @returns How it is divided.
 */
export function layOutReduce(
  { results, length, isAlongRows }: ReduceSizes,
): ReduceLayout {
  const lanes = lanesFor({ results, length, isAlongRows });
  const perGroup = THREADS / lanes;
  const groups = Math.ceil(results / perGroup);
  const most = Math.floor(length / (lanes * PART_MIN));
  const parts = Math.min(Math.floor(GROUPS_WANTED / groups), most);
  return { results: perGroup, lanes, parts: Math.max(1, parts) };
}

function lanesFor({ results, length, isAlongRows }: ReduceSizes): number {
  if (length < 8) return 1;
  if (isAlongRows) return length < 32 ? 8 : length < 256 ? 32 : THREADS;
  // Side by side as far as there are results; the other invocations share them.
  const wanted = length < 32 ? 1 : 4;
  let lanes = THREADS;
  while (lanes > wanted && THREADS / lanes < results) lanes /= 2;
  return lanes;
}
