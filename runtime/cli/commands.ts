import type { CommandDefinition } from "./command.ts";
import { BENCH_COMMAND } from "./commands/bench_command.ts";
import { MODULES_COMMAND, OPS_COMMAND } from "./commands/catalog_commands.ts";
import { completionCommand } from "./commands/completion_command.ts";
import { DASH_COMMAND } from "./commands/dash_command.ts";
import { DOCTOR_COMMAND } from "./commands/doctor_command.ts";
import { PLUGIN_COMMAND } from "./commands/plugin_commands.ts";
import {
  EVAL_COMMAND,
  GRAPH_COMMAND,
  PREDICT_COMMAND,
  TRAIN_COMMAND,
} from "./commands/model_commands.ts";

/** All commands, in the order in which help lists them. */
export const COMMANDS: readonly CommandDefinition[] = [
  TRAIN_COMMAND,
  EVAL_COMMAND,
  PREDICT_COMMAND,
  GRAPH_COMMAND,
  OPS_COMMAND,
  MODULES_COMMAND,
  PLUGIN_COMMAND,
  DASH_COMMAND,
  DOCTOR_COMMAND,
  BENCH_COMMAND,
  completionCommand(() => COMMANDS),
];
