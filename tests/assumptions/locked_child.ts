// A child as locked down as Deno makes it, without any code of the library: what the platform itself
// closes and leaves open.

/** Flags of a child that may do nothing. */
export const LOCKED: readonly string[] = [
  "run",
  "--no-prompt",
  "--no-remote",
  "--no-npm",
  "--no-config",
  "--no-lock",
  "--cached-only",
  "--no-check",
  "--no-code-cache",
  "--v8-flags=--max-old-space-size=64",
];

/** How a child is run. */
export interface ChildOptions {
  /** Commands before Deno's own. */
  readonly through?: readonly string[];
  /** More flags. */
  readonly flags?: readonly string[];
  /** Variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a child ended, and what it said. */
export interface ChildResult {
  readonly code: number;
  readonly signal: string | null;
  readonly out: string;
}

/** Inside a child: what comes of an attempt. */
const TRY = `const attempt = async (work) => {
  try { return await work(); } catch (error) { return "closed " + error.message; }
};`;

/**
 * Runs JavaScript in a locked-down child, where `attempt` gives what a function gives, or `closed` and
 * why it failed.
 */
export async function runChild(
  code: string,
  { through = [], flags = [], env = {} }: ChildOptions = {},
): Promise<ChildResult> {
  const [command, ...args] = [
    ...through,
    Deno.execPath(),
    ...LOCKED,
    ...flags,
    `data:text/javascript,${encodeURIComponent(TRY + code)}`,
  ];
  const { code: exitCode, signal, stdout } = await new Deno.Command(command!, {
    args,
    cwd: "/",
    clearEnv: true,
    env: {
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      DENO_WEBGPU_BACKEND: "",
      DENO_DIR: "/dev/null",
      ...env,
    },
    stdin: "null",
    stderr: "null",
  }).output();
  const out = new TextDecoder().decode(stdout).trim();
  return { code: exitCode, signal, out };
}

/** A folder with a secret in it. */
export interface Secret extends AsyncDisposable {
  readonly folder: string;
  /** URL of the secret. */
  readonly url: string;
}

/** Makes a folder with a secret in it. */
export async function createSecret(): Promise<Secret> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(`${folder}/secret.txt`, "S3CR3T");
  return {
    folder,
    url: `file://${folder}/secret.txt`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
