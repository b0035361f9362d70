import { tensor } from "../../../ops/mod.ts";
import type { PublishedVector } from "../published_vector_test.ts";
import { OpenCartesianTopos } from "./open_cartesian_topos.ts";

const VALUES = [.5, 1, 1.5, 3, 100];
// The last was published with five digits: .95099.
const SATURATED = [.5, 1, .99, .975, .95 + .1 / 101];

function bothSigns(values: readonly number[]): number[] {
  return [...values, ...values.map((value) => -value)];
}

/** Every published value of the guard. */
export const TOPOS_VECTORS: readonly PublishedVector[] = [{
  name: "saturated values",
  tensor: () =>
    new OpenCartesianTopos({ curvature: -1, saturation: 1 })
      .saturate(tensor(bothSigns(VALUES))),
  want: bothSigns(SATURATED),
}];
