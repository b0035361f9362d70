/**
 * Writes `docs/security.md`: what the sandbox promises, and a row for each attack that the tests hold
 * it to.
 *
 * @module
 */

/** A row of the table. */
export interface SecurityRow {
  /** Name of the case: id and slug. */
  readonly name: string;
  /** What is attempted. */
  readonly title: string;
  /** What comes of it. */
  readonly verdict: string;
  /** What is asserted beside what all cases have in common. */
  readonly evidence: string;
  /** What comes of it in a worker, where that is tried. */
  readonly worker: string;
}

const INTRODUCTION = `# Security

Made by \`deno task docs:security\` from the attacks of \`tests/attacks/\` that pass; a test holds it
against them, so a case that fails is no row.

## What is promised

A plugin that is loaded with isolation \`process\`, the default, runs in a locked-down Deno process: no
file, network, environment, program, library, GPU or signal beyond what a policy grants, exactly the
bytes that were hashed, deadlines for all that it does, bounded memory. Isolation \`worker\` keeps the
objects of a plugin apart and checks its messages; it cannot stop a plugin that computes, nor bound its
memory. Isolation \`inline\` gives no protection at all.

## What every attack is held to

The attacks run in a host of their own, on Linux. Beside what its row says, each of them, in each
isolation in which it is tried, requires:

- **Another plugin answers.** A sandboxed plugin that has nothing to do with the attack is asked every
  20 ms while it goes on, and once more afterwards.
- **The host stays responsive.** Its own thread is never away for more than 100 ms at a stretch,
  computing or waiting; only what the kernel counts as waiting for a processor is taken off. What other
  programs spoil is tried again, three times at most. A host with workers is not held to this.
- **No process is left**: none that the host or anything it started has started, whatever parent or
  session it has moved to. Whatever starts here inherits a mark that the kernel keeps.
- **Nobody listens**: no sandbox has a socket that waits for others while it is there (TCP, UDP, a
  socket file), and the host has none more than before.
- **No file is left or changed**, in the folder with secrets, among temporary files, in the user's store
  of plugins; no name is new in the folders where sandboxes and the host run.
- **No threads are left**: the host has at most 64 more than before.
- **The registries are as they were**: plugins, operators, modules, sandboxes; and so are the prototypes
  of objects, lists and functions.
- **No secret is told.** One in a file, one in the environment and one on a server of this machine are
  in no log line or field of it, event, answer, decision of the policy or error with its causes, of
  every host of the case; the server is never asked for it.

Processes, sockets and threads are read from \`/proc\`, and marked with \`prlimit\` of util-linux; where
these are missing, the step that says so is skipped. A test breaks each of these promises on purpose and
requires that it is noticed.

## The attacks

*In a worker* is what comes of the same plugin with isolation \`worker\`, where that was tried, in a
host that may be lost: \`refused\`, none of it has run; \`denied\`, each attempt is refused where it is
made; \`contained\`, it goes on as if nothing were; \`ended\`, the plugin is gone and the host is there;
\`tainted\`, the worker computes on in a host that says so; \`lost\`, the host has ended, stands still, or
holds 1.5 GiB and goes on. Names in capitals are the codes of errors (\`docs/errors.md\`), with the reason
that they give.
`;

/** Areas of the attacks, by the beginning of their names. */
const AREAS: readonly (readonly [prefix: string, title: string])[] = [
  ["cpu", "Processors"],
  ["mem", "Memory"],
  ["fork", "Multiplication"],
  ["flood", "Floods"],
  ["msg", "Messages and calls"],
  ["proc", "Processes"],
  ["imp", "Imports and fetching"],
  ["int", "Integrity, lockfile and index"],
  ["fs", "Files"],
  ["net", "Network"],
  ["nat", "Native code and the engine"],
  ["side", "Side channels"],
  ["gpu", "GPU"],
  ["life", "Lifecycle"],
  ["ui", "Text shown to people"],
  ["cfg", "Descriptions and weights"],
  ["wasm", "Kernels that the host runs itself"],
];

const HEAD = `| attack | attempt | verdict | asserted besides | in a worker |
| ------ | ------- | ------- | ---------------- | ----------- |
`;

const REST = `
## Not promised

- Side channels of time, caches, power and memory; hiding the number of processors, Deno's version or
  the path of its program.
- Races of other processes of the same user over files that a grant names.
- Private ranges of version 6 addresses behind a granted name: flags can deny single addresses of that
  version, not ranges.
- Bugs of the kernel, the GPU's driver, V8 or Deno itself.
- That kernels in WebAssembly which an operator brings leave the host's thread within 100 ms: the host
  runs them itself, and ends them after as many instructions as their arrays allow
  (\`docs/wasm_kernels.md\`), some seconds for a million elements.
- Fair shares of processors between plugins.
- Limits whose tools are absent, which \`loader.reports()\` lists as \`limitsNotInForce\`.
- Anything on Windows and macOS beyond what a run of these attacks there shows.
`;

/**
 * Writes the page.
 *
 * @param rows The attacks that passed.
 * @returns Its text.
 */
export function securityPage(rows: readonly SecurityRow[]): string {
  const lost = rows.find(({ name }) => areaOf(name) === undefined);
  if (lost !== undefined) throw new Error(`No area has ${lost.name}`);
  const areas = AREAS.map(([prefix, title]) => {
    const lines = rows.filter(({ name }) => areaOf(name) === prefix)
      .map(rowOf);
    return lines.length === 0
      ? ""
      : `\n### ${title}\n\n${HEAD}${lines.join("")}`;
  });
  return INTRODUCTION + areas.join("") + REST;
}

function areaOf(name: string): string | undefined {
  return AREAS.find(([prefix]) => name.startsWith(`${prefix}_`))?.[0];
}

function rowOf(
  { name, title, verdict, evidence, worker }: SecurityRow,
): string {
  return `| \`${name}\` | ${title} | ${verdict} | ${evidence} | ${worker} |\n`;
}
