import { isCoded } from "../../../core/base/mod.ts";
import type { Module } from "../../../nn/mod.ts";
import type { Tensor } from "../../../ops/mod.ts";
import { loadSafetensors } from "../../weights_file.ts";
import type { CommandInput } from "../command.ts";
import { cliFileUnreadable, cliUsage } from "../errors.ts";

/** What the tensors of a model are named after in a checkpoint. */
const CHECKPOINT_PREFIX = "model.";

/**
 * Gives a model its trained weights: those of a file of weights, or of a checkpoint.
 *
 * @param model The model.
 * @param options The command line's options.
 * @throws {CliError} `CLI_USAGE` if the command line names no file, `CLI_FILE_UNREADABLE` if it holds no
 * weights.
 * @throws {RuntimeError} `CHECKPOINT_UNREADABLE` if the file cannot be read.
 * @throws {NnError} `STATE_DICT_MISMATCH` if it has weights of another model.
 */
export async function loadWeights(
  model: Module,
  { options }: Pick<CommandInput, "options">,
): Promise<void> {
  const file = options.text("weights");
  if (file === undefined) throw cliUsage("found no --weights, wanted a file");
  const tensors = await readWeights(file);
  const isCheckpoint = [...model.stateDict().keys()]
    .every((name) => tensors.has(`${CHECKPOINT_PREFIX}${name}`));
  if (!isCheckpoint) return void await model.loadStateDict(tensors);
  await model.loadStateDict(
    new Map(
      [...tensors].flatMap(([name, tensor]) =>
        name.startsWith(CHECKPOINT_PREFIX)
          ? [[name.slice(CHECKPOINT_PREFIX.length), tensor] as const]
          : []
      ),
    ),
  );
}

async function readWeights(file: string): Promise<Map<string, Tensor>> {
  try {
    return await loadSafetensors(file);
  } catch (cause) {
    if (!isCoded(cause) || cause.code !== "SAFETENSORS_INVALID") throw cause;
    const wanted = "what train --save or --checkpoint wrote";
    throw cliFileUnreadable(file, cause, { found: "no weights in it", wanted });
  }
}
