/**
 * The commands as data: what they are called and take, and what does them. Parser, help, documentation
 * and shell completion are all made from this.
 *
 * @module
 */
import type { Json } from "../../core/base/mod.ts";
import type { CliIo } from "./cli_io.ts";
import type { CommandOptions } from "./command_options.ts";
import type { ExitCode } from "./exit_codes.ts";
import type { Paint } from "./paint.ts";

/** Something that stands behind a command by its place. */
export interface ArgumentDefinition {
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly description: string;
  /**
   * How many there may be.
   *
   * @default {"one"}
   */
  readonly count?: "any" | "one" | "optional" | "some";
}

/** Something that stands behind a command by its name. */
export interface OptionDefinition {
  /** How it is written, `--set <path=value>`; without `<…>` it is on or off. */
  readonly flags: string;
  /** What it does. */
  readonly description: string;
  /** Whether it may be given more than once. */
  readonly isRepeated?: boolean;
  /** Whether its value is a whole number above 0. */
  readonly isCount?: boolean;
  /** The values that it may have; any text if left out. */
  readonly choices?: readonly string[];
}

/** A line that can be typed, and what it does. */
export interface CommandExample {
  /** The line, without `spiral`. */
  readonly line: string;
  /** What it does. */
  readonly does: string;
}

/** What a command is given. */
export interface CommandInput {
  /** What stands behind it, in order. */
  readonly args: readonly string[];
  /** Options by name. */
  readonly options: CommandOptions;
  /** The world outside. */
  readonly io: CliIo;
  /** Where progress is shown; nowhere if the result is wanted as JSON. */
  readonly progress: CliIo["out"] | undefined;
}

/** What came of a command. */
export interface CommandResult {
  /** The result as data, for `--json`. */
  readonly data: Json;
  /**
   * Writes the result for people.
   *
   * @param paint Colors.
   * @returns The text, without the end of its last line; nothing is printed if it is empty.
   */
  readonly text: (paint: Paint) => string;
  /**
   * How the command ends.
   *
   * @default {0}
   */
  readonly exitCode?: ExitCode;
  /**
   * Goes on once the result is written: a server that is to be looked at.
   *
   * @returns When that is over.
   */
  readonly goOn?: () => Promise<void>;
}

/** One command, or several under one name. */
export interface CommandDefinition {
  /** Its name. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly description: string;
  /** What stands behind it by place. */
  readonly args?: readonly ArgumentDefinition[];
  /** What stands behind it by name. */
  readonly options?: readonly OptionDefinition[];
  /** Lines that can be typed. */
  readonly examples?: readonly CommandExample[];
  /** Commands under its name. */
  readonly commands?: readonly CommandDefinition[];
  /** Whether it is meant where its group is named alone. */
  readonly isDefault?: boolean;
  /**
   * Does it.
   *
   * @param input What stands behind it.
   * @returns What came of it.
   */
  readonly run?: (input: CommandInput) => Promise<CommandResult>;
}
