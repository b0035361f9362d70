// Describes a graph of 10,000 calls, then its gradient, as the first work of its process; prints in
// milliseconds how long each took.
import { gradients } from "@spiraltorch/spiraltorch/ops";
import { chain, model, WEIGHT, X } from "./model.ts";

const isChain = Deno.args.includes("chain");
const startMs = performance.now();
const loss = isChain ? chain(X) : model(X);
const describedMs = performance.now();
gradients(loss, isChain ? [X] : [X, WEIGHT]);
const times = [describedMs - startMs, performance.now() - describedMs];
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(times)));
