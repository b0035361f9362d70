import { loadAddress } from "../assembler/tables.ts";
import { contiguousStrides, type Shape } from "../../../core/base/mod.ts";
import type { MapKernel } from "../../ir/mod.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  emitOrigins,
  type LineView,
  OUTPUT_SLOT,
  type View,
  viewsOf,
} from "../lanes/views.ts";
import { collapseAxes } from "../loops/collapse_axes.ts";

/** An elementwise kernel over an index space with as few axes as possible. */
export class MapPlan {
  /** The kernel. */
  readonly kernel: MapKernel;
  /** Sizes of the axes. */
  readonly sizes: Shape;
  /** What the body reads, and as the last one the output. */
  readonly views: readonly View[];

  /**
   * Constructs a new instance.
   *
   * @param kernel The kernel.
   */
  constructor(kernel: MapKernel) {
    const { shape, operands, body, dtype } = kernel;
    const views: View[] = [
      ...viewsOf(body, operands, shape),
      { name: "output", dtype, strides: contiguousStrides(shape) },
    ];
    const { sizes, strides } = collapseAxes({
      sizes: shape,
      strides: views.map((view) => view.strides),
    });
    this.kernel = kernel;
    this.sizes = sizes;
    this.views = views.map((view, i) => ({ ...view, strides: strides[i]! }));
  }

  /**
   * Writes where the views stand at the origin.
   *
   * @param code Where to write.
   * @returns The views on a line along the last axis.
   */
  emitViews(code: VectorCode): LineView[] {
    const parameters = code.f.parameter(2);
    const origins = emitOrigins(code.f, this.views.slice(0, -1), {
      operands: this.kernel.operands,
      parameters,
    });
    origins.push(loadAddress(code.f, parameters, OUTPUT_SLOT));
    return this.views.map((view, i) => ({
      ...view,
      cursor: origins[i]!,
      stride: view.strides.at(-1) ?? 0,
    }));
  }
}
