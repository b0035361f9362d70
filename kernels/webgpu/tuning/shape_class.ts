import { type Shape, sizeOf } from "../../../core/base/mod.ts";
import type { Kernel, Operand } from "../../ir/mod.ts";

/**
 * Names the class of a kernel: what is best for one of a class is taken to be for all. Sizes count by
 * powers of two, and what arrays are like by the axes along which they run.
 *
 * @param kernel The kernel.
 * @returns The class; none for kinds that there is only one way to compute.
 */
export function shapeClassOf(kernel: Kernel): string | undefined {
  switch (kernel.kind) {
    case "contract": {
      const { batch, rows, columns, depth, operands } = kernel;
      const sizes = [sizeOf(batch), rows, columns, depth];
      const [left, right] = operands as readonly [Operand, Operand];
      const types = `${left.dtype} ${right.dtype}`;
      const runs = `${runOf(left.strides)}${runOf(right.strides)}`;
      return `contract ${classes(sizes)} ${types} ${runs}`;
    }
    case "convolution": {
      const { batch, groups, channels, depth, axes } = kernel;
      const sizes = [batch, groups, channels, depth];
      const windows = axes.map((axis) =>
        `${axis.kernel}:${axis.stride}>${classOf(axis.output)}`
      );
      return `convolution ${classes(sizes)} ${windows.join(" ")}`;
    }
    case "reduce":
    case "rows": {
      const sizes = [sizeOf(kernel.shape), sizeOf(kernel.over)];
      const runs = kernel.operands.map(({ strides }) => runOf(strides));
      return `${kernel.kind} ${classes(sizes)} ${runs.join("")}`;
    }
    case "attention": {
      const { role, batch, queries, keys, depth, width } = kernel;
      const sizes = [sizeOf(batch), queries, keys, depth, width];
      return `attention ${role} ${classes(sizes)}`;
    }
    case "map":
    case "assemble":
    case "opaque":
    case "random":
    case "rowProgram":
    case "scan":
    case "scatter":
    case "scatterMax":
    case "sort":
      return undefined;
    default:
      return kernel satisfies never;
  }
}

function classOf(size: number): number {
  return Math.ceil(Math.log2(Math.max(1, size)));
}

function classes(sizes: Shape): string {
  return sizes.map(classOf).join("x");
}

/** Whether elements lie side by side along the last axis. */
function runOf(strides: readonly number[]): "r" | "c" {
  return strides.at(-1) === 1 ? "r" : "c";
}
