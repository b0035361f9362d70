/**
 * A worker, which runs what the bench asks for while no code in it is fast yet.
 *
 * @module
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import { gradients } from "@spiraltorch/spiraltorch/ops";
import { model, WEIGHT, X } from "./model.ts";

let loss = X;

const WORK: Readonly<Record<string, () => void>> = {
  describe() {
    loss = model(X);
  },
  differentiate() {
    gradients(loss, [X, WEIGHT]);
  },
};

self.onmessage = ({ data }: MessageEvent<string>) => {
  WORK[data]!();
  self.postMessage(data);
};
self.postMessage("ready");
