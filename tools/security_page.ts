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
  /** What comes of it in a worker, where that is tried. */
  readonly worker: string;
}

const INTRODUCTION = `# Security

Made by \`deno task docs:security\` from the attacks of \`tests/attacks/\` that pass; a test holds it
against them, so a case that fails is no row.

A plugin that is loaded with isolation \`process\`, the default, runs in a locked-down Deno process: no
file, network, environment, program, library, GPU or signal beyond what a policy grants, exactly the
bytes that were hashed, deadlines for all that it does, bounded memory. Isolation \`inline\` gives no
protection at all.

Beside its verdict, each case requires that another plugin answers meanwhile and afterwards, that the
host's own thread is never busy for more than 100 ms at a stretch, that no process of the case is left,
that the registries are as they were, and that a secret in a file, in the environment and on a server is
in no message, log line or error.

The last column is what comes of the same plugin with isolation \`worker\`, where that was tried, in a
host that may be lost: \`refused\`, none of it has run; \`contained\`, it goes on as if nothing were;
\`ended\`, the plugin is gone and the host is there; \`tainted\`, the worker computes on in a host that
says so; \`lost\`, the host has ended, stands still, or holds 1.5 GiB and goes on.

| attack | attempt | verdict | in a worker |
| ------ | ------- | ------- | ----------- |
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
`;

/**
 * Writes the page.
 *
 * @param rows The attacks that passed.
 * @returns Its text.
 */
export function securityPage(rows: readonly SecurityRow[]): string {
  const lines = rows.map(({ name, title, verdict, worker }) =>
    `| \`${name}\` | ${title} | ${verdict} | ${worker} |\n`
  );
  return INTRODUCTION + lines.join("") + REST;
}
