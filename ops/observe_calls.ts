/**
 * Who hears of calls of operators. As process-wide as the default backend, for the same reason: a
 * tensor has no place to carry an observer from.
 *
 * Only what is called is announced, when it is recorded: not what a call is made of, nor what
 * gradients and plans write in its place, nor the replay of a compiled function.
 *
 * @module
 */
import { type ApplyNode, UNKNOWN_TYPE } from "./graph/node.ts";

/** One recorded call of an operator. */
export interface OperatorCall {
  /** Name of the operator. */
  readonly name: string;
  /** Shapes of its inputs; those of numbers are empty. */
  readonly inputShapes: readonly (readonly number[])[];
  /** Shapes of its results. */
  readonly outputShapes: readonly (readonly number[])[];
}

/** What is told of each call. It must not throw. */
export type CallObserver = (call: OperatorCall) => void;

const CALLS: {
  /** The one thing that a call asks. */
  isObserved: boolean;
  /** How much work is under way whose calls are not announced. */
  quiet: number;
  observers: readonly { readonly observer: CallObserver }[];
} = { isObserved: false, quiet: 0, observers: [] };

/**
 * Hears of every call of an operator in this process from now on, whoever makes it. Calls that an
 * observer makes are not announced.
 *
 * Cost: without observers, recording a call tests one boolean.
 *
 * @example Counting products
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { observeCalls, tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const names: string[] = [];
 * {
 *   using _observation = observeCalls(({ name }) => void names.push(name));
 *   tensor([1, 2]).mul(3).sum();
 * }
 * tensor([1, 2]).mul(3);
 * assertEquals(names, ["mul", "sum"]);
 * ```
 *
 * @param observer What to tell of each call; it must not throw.
 * @returns The observation, to be disposed.
 */
export function observeCalls(observer: CallObserver): Disposable {
  const entry = { observer };
  CALLS.observers = [...CALLS.observers, entry];
  update();
  return {
    [Symbol.dispose]() {
      CALLS.observers = CALLS.observers.filter((other) => other !== entry);
      update();
    },
  };
}

/**
 * Tells the observers of a call, if there are any.
 *
 * @param node The call, as it was recorded.
 */
export function announceCall(node: ApplyNode): void {
  if (CALLS.isObserved) announceOutputs([node]);
}

/**
 * Tells the observers of a call that has several outputs, if there are any.
 *
 * @param nodes The call of each output, as they were recorded; at least one.
 */
export function announceOutputs(nodes: readonly ApplyNode[]): void {
  const [first] = nodes;
  if (!CALLS.isObserved || !first || first.type === UNKNOWN_TYPE) return;
  const call: OperatorCall = {
    name: first.operator.name,
    inputShapes: first.inputs.map(({ type: { shape } }) => [...shape]),
    outputShapes: nodes.map(({ type: { shape } }) => [...shape]),
  };
  quietly(() => {
    for (const { observer } of CALLS.observers) observer(call);
  });
}

/**
 * Does work whose calls are not to be announced.
 *
 * @param work The work, which is done at once.
 * @returns What it gives.
 */
export function quietly<T>(work: () => T): T {
  CALLS.quiet++;
  update();
  try {
    return work();
  } finally {
    CALLS.quiet--;
    update();
  }
}

function update(): void {
  CALLS.isObserved = CALLS.observers.length > 0 && CALLS.quiet === 0;
}
