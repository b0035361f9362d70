/** Most points of a curve. */
export const POINTS_MAX = 2048;

/** Points of a curve since some moment. */
export interface Points {
  /** Where they are, increasing. */
  readonly xs: readonly number[];
  /** What they are. */
  readonly ys: readonly number[];
}

/** How much of a curve somebody has seen. */
export interface SeenPoints {
  /** How often the curve had been thinned out. */
  readonly thinned: number;
  /** How many points there were. */
  readonly count: number;
}

/**
 * A curve of any length in bounded memory. When it is full, each two neighbors become their mean, and
 * from then on twice as many values make a point: the whole course stays, at the same number of points.
 *
 * **Cost**: constant for a value, on average.
 */
export class SampledCurve {
  #xs: number[] = [];
  #ys: number[] = [];
  #valuesPerPoint = 1;
  #thinned = 0;
  #open = { values: 0, finite: 0, sum: 0 };

  /**
   * Adds a value.
   *
   * @param x Where; not before the last one.
   * @param y What; what is not finite leaves a gap, unless other values make the same point.
   */
  add(x: number, y: number): void {
    const open = this.#open;
    open.values++;
    if (Number.isFinite(y)) {
      open.finite++;
      open.sum += y;
    }
    if (open.values < this.#valuesPerPoint) return;
    this.#xs.push(x);
    this.#ys.push(open.finite === 0 ? NaN : open.sum / open.finite);
    this.#open = { values: 0, finite: 0, sum: 0 };
    if (this.#xs.length === POINTS_MAX) this.#thinOut();
  }

  /** How much of it there is now. */
  get seen(): SeenPoints {
    return { thinned: this.#thinned, count: this.#xs.length };
  }

  /**
   * Gives what somebody has not seen.
   *
   * @param seen What they have seen, if anything.
   * @returns The points, and whether they stand in the place of those that were seen; `undefined` if
   * there are none.
   */
  after(
    seen: SeenPoints | undefined,
  ): Points & { readonly isWhole: boolean } | undefined {
    const isWhole = seen?.thinned !== this.#thinned;
    const from = isWhole ? 0 : seen.count;
    if (from === this.#xs.length) return undefined;
    return { isWhole, xs: this.#xs.slice(from), ys: this.#ys.slice(from) };
  }

  #thinOut(): void {
    const xs: number[] = [];
    const ys: number[] = [];
    for (let i = 0; i < this.#xs.length; i += 2) {
      const pair = this.#ys.slice(i, i + 2).filter(Number.isFinite);
      xs.push(this.#xs[i + 1]!);
      ys.push(pair.reduce((sum, y) => sum + y, 0) / pair.length);
    }
    this.#xs = xs;
    this.#ys = ys;
    this.#valuesPerPoint *= 2;
    this.#thinned++;
  }
}
