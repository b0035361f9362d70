import type { Tensor } from "../../ops/mod.ts";
import { Module } from "../module.ts";
import type { ModuleDefinition } from "./definition.ts";

/** Multiplies by a number. */
export class Scale extends Module {
  readonly by: number;

  constructor(by: number) {
    super();
    this.by = by;
  }

  override forward(x: Tensor): Tensor {
    return x.mul(this.by);
  }
}

/** A definition as a plugin might bring it. */
export const SCALE: ModuleDefinition<{ readonly by: number }> = {
  type: "acme:scale",
  displayName: "Scale",
  description: "Multiplies by a number.",
  category: "Custom(Scaling)",
  config: {
    type: "object",
    properties: { by: { type: "number", default: 2 } },
  },
  inferShape: (_, [x]) => x!,
  create: ({ by }) => new Scale(by),
};
