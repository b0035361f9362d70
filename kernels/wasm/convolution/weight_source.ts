import { contiguousStrides } from "../../../core/base/mod.ts";
import type { Grain } from "../contract/panel.ts";
import type { Engine } from "../engine.ts";
import { InnerKernel } from "../inner_kernel.ts";
import { collapseAxes } from "../loops/collapse_axes.ts";
import { mapCode } from "../map/map_code.ts";
import type { Geometry } from "./geometry.ts";

/**
 * The weights of a convolution as a matrix for each group: a row for each channel of the output, and
 * along the depth what is multiplied. They are copied where steps cannot say that.
 */
export class WeightSource {
  /** From group to group, from row to row, from slice to slice and along a slice, in bytes. */
  readonly groupStep: number;
  readonly lineStep: number;
  readonly sliceStep: number;
  readonly depthStep: number;
  /** Which neighbours lie next to each other. */
  readonly grain: Grain;
  /** Bytes of the copy, and of what copying takes. */
  readonly copyBytes: number;
  readonly ownBytes: number;
  readonly #copy: InnerKernel | undefined;
  readonly #offset: number;

  /**
   * Constructs a new instance.
   *
   * @param geometry The convolution.
   * @param isSliced Whether the input channels are slices of the depth, or part of each row of it.
   * @param engine What copies weights.
   */
  constructor(
    { kernel, axes, weight, taps }: Geometry,
    isSliced: boolean,
    engine: Engine,
  ) {
    const { groups, channels, depth } = kernel;
    const windows = axes.map((axis) => axis.kernel);
    const line = collapseAxes(
      isSliced ? { sizes: windows, strides: [weight.taps] } : {
        sizes: [depth, ...windows],
        strides: [[weight.depth, ...weight.taps]],
      },
    );
    if (line.sizes.length <= 1) {
      this.groupStep = 4 * weight.group;
      this.lineStep = 4 * weight.channel;
      this.sliceStep = 4 * weight.depth;
      this.depthStep = 4 * (line.strides[0]![0] ?? 1);
      this.copyBytes = 0;
      this.ownBytes = 0;
      this.#copy = undefined;
      this.#offset = 4 * weight.offset;
    } else {
      const shape = [groups, channels, depth, ...windows];
      const [group, channel, slice] = contiguousStrides(shape);
      this.groupStep = 4 * group!;
      this.lineStep = 4 * channel!;
      this.sliceStep = 4 * slice!;
      this.depthStep = 4;
      this.copyBytes = 4 * groups * channels * depth * taps;
      const { group: g, channel: c, depth: d, offset } = weight;
      const kernel = engine.compileRange(mapCode({
        kind: "map",
        shape,
        operands: [{
          dtype: "float32",
          strides: [g, c, d, ...weight.taps],
          offset,
        }],
        body: [{ kind: "load", operand: 0, dtype: "float32" }],
        dtype: "float32",
      }));
      const { tables } = engine.memory;
      this.#copy = new InnerKernel(kernel, { inputs: 1, tables });
      this.ownBytes = this.#copy.bytes;
      this.#offset = 0;
    }
    this.grain = this.depthStep === 4
      ? "depth"
      : this.lineStep === 4
      ? "lines"
      : "neither";
  }

  /**
   * Brings the weights to where they are read.
   *
   * @param places Addresses of the weights, of the copy, and of memory for copying.
   * @returns Address of the first weight.
   */
  bring({ weights, copy, own }: {
    readonly weights: number;
    readonly copy: number;
    readonly own: number;
  }): number {
    if (!this.#copy) return weights + this.#offset;
    this.#copy.launch(own, { output: copy, inputs: [weights] });
    return copy;
  }
}
