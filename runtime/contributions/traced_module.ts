import { Module, type Parameter } from "../../nn/mod.ts";
import {
  instantiateTrace,
  type OperatorRegistry,
  Tensor,
  type Trace,
} from "../../ops/mod.ts";
import { contributionInvalid } from "../errors.ts";

/** What a recorded module consists of. */
export interface TracedModuleParts {
  /** Its parameters by dotted name, in the order of the traces' inputs. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** How many tensors it is applied to. */
  readonly inputs: number;
  /** What it computes while it is trained. */
  readonly training: Trace;
  /** What it computes in use. */
  readonly evaluation: Trace;
  /** Where the operators that it calls are found. */
  readonly operators: OperatorRegistry;
}

/**
 * A module whose forward function was recorded in a sandbox. It is data: it goes on working when the
 * plugin that brought it is gone.
 */
export class TracedModule extends Module {
  readonly #parts: TracedModuleParts;

  /**
   * Constructs a new instance.
   *
   * @param parts What it consists of.
   */
  constructor(parts: TracedModuleParts) {
    super();
    this.#parts = parts;
  }

  /** @inheritDoc */
  override ownParameters(): Map<string, Parameter> {
    return new Map(this.#parts.parameters);
  }

  /** @inheritDoc */
  override forward(...inputs: Tensor[]): Tensor {
    const { parameters, training, evaluation, operators } = this.#parts;
    if (inputs.length !== this.#parts.inputs) {
      throw contributionInvalid(
        "call of a recorded module",
        `found ${inputs.length} inputs, wanted ${this.#parts.inputs}`,
      );
    }
    const [output] = instantiateTrace(
      this.isTraining ? training : evaluation,
      [...inputs, ...parameters.values()].map(({ node }) => node),
      (name) => operators.get(name),
    );
    return new Tensor(output!);
  }
}
