/**
 * Shell completion, made from the definitions of the commands: each line of a table says which words may
 * follow a command. The scripts look the table up and know nothing else of the commands.
 *
 * @module
 */
import { COMMON_OPTIONS } from "../build_program.ts";
import type { CommandDefinition, OptionDefinition } from "../command.ts";
import { cliNameUnknown } from "../errors.ts";
import { type Shell, SHELLS } from "./shells.ts";

/** What may follow a command, `plugin add`; nothing for the program itself. */
interface Words {
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly does: string }[];
}

/**
 * Writes what makes a shell complete the command.
 *
 * @param shell The shell.
 * @param commands The commands.
 * @returns The script.
 * @throws {CliError} `CLI_USAGE` for any other shell.
 */
export function completionScript(
  shell: string,
  commands: readonly CommandDefinition[],
): string {
  const found = SHELLS.find((name) => name === shell);
  if (!found) {
    throw cliNameUnknown(shell, { what: SHELLS.join(", "), known: SHELLS });
  }
  const program = { name: "", description: "", commands };
  return WRITERS[found](wordsOf(program, []));
}

const WRITERS: Readonly<Record<Shell, (table: readonly Words[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

function wordsOf(
  { commands = [], options = [] }: CommandDefinition,
  path: readonly string[],
): Words[] {
  const own = {
    path: path.join(" "),
    words: [
      ...commands.map(({ name, description }) => ({
        word: name,
        does: description,
      })),
      ...[...options, ...COMMON_OPTIONS].map((option) => ({
        word: nameOf(option),
        does: option.description,
      })),
      { word: "--help", does: "tell how it is used" },
    ],
  };
  return [
    own,
    ...commands.flatMap((command) => wordsOf(command, [...path, command.name])),
  ];
}

function nameOf({ flags }: OptionDefinition): string {
  return flags.split(" ")[0]!;
}

/** Cases that set `words` to what may follow the commands typed so far. */
function casesOf(table: readonly Words[]): string {
  return table.map(({ path, words }) =>
    `    ${JSON.stringify(path)}) words="${
      words.map(({ word }) => word).join(" ")
    }" ;;`
  ).join("\n");
}

function bashScript(table: readonly Words[]): string {
  return `_spiral() {
  local path="" words="" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case " ${pathsOf(table)} " in
      *"|\${path:+$path }$word|"*) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${casesOf(table)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _spiral spiral`;
}

function zshScript(table: readonly Words[]): string {
  return `#compdef spiral
_spiral() {
  local typed="" words_here="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case " ${pathsOf(table)} " in
      *"|\${typed:+$typed }$word|"*) typed="\${typed:+$typed }$word" ;;
    esac
  done
  local words=""
  case "$typed" in
${casesOf(table)}
  esac
  compadd -- \${=words}
  _files
}
compdef _spiral spiral`;
}

function pathsOf(table: readonly Words[]): string {
  return `|${table.map(({ path }) => path).filter(Boolean).join("|")}|`;
}

function fishScript(table: readonly Words[]): string {
  return table.flatMap(({ path, words }) => {
    const condition = path === ""
      ? "__fish_use_subcommand"
      : path.split(" ").map((word) => `__fish_seen_subcommand_from ${word}`)
        .join("; and ");
    return words.map(({ word, does }) => {
      const text = `'${does.replaceAll("'", "\\'")}'`;
      const what = word.startsWith("--")
        ? `-l ${word.slice(2)}`
        : `-f -a ${word}`;
      return `complete -c spiral -n '${condition}' ${what} -d ${text}`;
    });
  }).join("\n");
}
