import { z } from "zod";
import { type Json, printableLine } from "../../core/base/mod.ts";
import type { Remote } from "../../core/mod.ts";
import {
  type Built,
  builtKind,
  isCategory,
  type ModuleCategory,
  Parameter,
} from "../../nn/mod.ts";
import {
  instantiateTrace,
  type OperatorRegistry,
  Tensor,
} from "../../ops/mod.ts";
import { contributionInvalid } from "../errors.ts";
import type { ModuleContribution } from "../plugin/define_plugin.ts";
import { readTrace } from "./read_trace.ts";
import { makeFunctions } from "./traced_functions.ts";
import { TracedModule } from "./traced_module.ts";
import { makeOptimizer } from "./traced_optimizer.ts";

const definitionSchema = z.strictObject({
  type: z.string().max(128),
  displayName: z.string().max(256).optional(),
  description: z.string().max(4096).transform((text) => printableLine(text)),
  category: z.custom<ModuleCategory>(isCategory, {
    error: "Wanted a known category or Custom(name)",
  }),
  config: z.record(z.string(), z.json()),
  inferShape: z.literal("same").optional(),
  handle: z.int().nonnegative(),
});

const moduleSchema = z.strictObject({
  parameters: z.array(z.strictObject({
    name: z.string().min(1).max(256),
    trainable: z.boolean(),
    init: z.unknown(),
  })).max(10_000),
  inputs: z.int().min(1).max(16),
  training: z.unknown(),
  evaluation: z.unknown(),
});

/** What a recorded type of module needs of the host. */
export interface DecodeModuleOptions {
  /** Calls the factory, which is in the sandbox. */
  readonly remote: Remote;
  /** Where the operators that modules call are found. */
  readonly operators: OperatorRegistry;
}

/**
 * Makes a type of module from what a sandbox recorded. Making a module, a loss, a metric or an
 * initializer asks the sandbox; what was made needs it no more.
 *
 * @param data What the guest sent.
 * @param options How to reach the sandbox, and where operators are found.
 * @returns The definition.
 * @throws {RuntimeError} `CONTRIBUTION_INVALID` if the data is no definition.
 */
export function decodeModule(
  data: Json,
  { remote, operators }: DecodeModuleOptions,
): ModuleContribution {
  const parsed = definitionSchema.safeParse(data);
  if (!parsed.success) throw contributionInvalid("module", parsed.error);
  const { handle, inferShape, displayName, ...definition } = parsed.data;
  return {
    ...definition,
    ...displayName !== undefined && { displayName },
    ...inferShape && { inferShape },
    async create(config, { seed }): Promise<Built> {
      const { value } = await remote.call(handle, { config, seed });
      const kind = builtKind(definition.category);
      if (kind === "optimizer") return await makeOptimizer(value, operators);
      return kind === "module"
        ? makeModule(value, operators)
        : makeFunctions(value, { kind, operators });
    },
  };
}

function makeModule(value: Json, operators: OperatorRegistry): TracedModule {
  const parsed = moduleSchema.safeParse(value);
  if (!parsed.success) throw contributionInvalid("module", parsed.error);
  const { parameters, inputs, training, evaluation } = parsed.data;
  const made = new Map<string, Parameter>();
  for (const { name, trainable, init } of parameters) {
    const [node] = instantiateTrace(
      readTrace(init, { inputs: 0, operators }),
      [],
      (name) => operators.get(name),
    );
    made.set(name, new Parameter(new Tensor(node!), { trainable }));
  }
  if (made.size !== parameters.length) {
    throw contributionInvalid("module", "found two parameters of one name");
  }
  const ends = { inputs: inputs + made.size, operators };
  return new TracedModule({
    parameters: made,
    inputs,
    training: readTrace(training, ends),
    evaluation: readTrace(evaluation, ends),
    operators,
  });
}
