import type { Json } from "../../../core/base/mod.ts";
import { verifyLocked } from "../../../core/tools.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { EXIT_CODES } from "../exit_codes.ts";
import { grantText } from "./list_plugins.ts";
import { cacheFolderOf, openLockfile, readLocked } from "./locked_plugins.ts";

/**
 * Hashes what is locked, where it lies, and tells which grants only the lockfile knows of, which do not
 * count. Fetches and starts nothing.
 *
 * @param input The command line.
 * @returns What became of it; a finding if a module is another one than was locked.
 */
export async function verifyPlugins(
  input: CommandInput,
): Promise<CommandResult> {
  const lockfile = openLockfile(input);
  const checks = await verifyLocked(await lockfile.read(), {
    cacheDir: await cacheFolderOf(input),
  });
  const intact = checks.filter(({ state }) => state === "intact").length;
  const others = checks.filter(({ state }) => state !== "intact");
  const claims = (await readLocked(input)).flatMap(
    ({ specifier, unconfirmed }) =>
      unconfirmed.map((grant) => ({ specifier, grant: grantText(grant) })),
  );
  const isWell = others.every(({ state }) => state === "missing");
  return {
    data: {
      ok: isWell,
      intact,
      unconfirmed: claims,
      modules: others.map(({ url, state }): Json => ({
        module: lockfile.nameOf(url),
        state,
      })),
    },
    text: ({ red, yellow }) =>
      [
        ...others.map(({ url, state }) => {
          const word = state === "altered" ? red(state) : yellow(state);
          return `${word}  ${lockfile.nameOf(url)}`;
        }),
        ...claims.map(({ specifier, grant }) =>
          `${yellow("unconfirmed")}  ${specifier} may ${grant}`
        ),
        `${intact} of ${checks.length} modules are what was locked`,
      ].join("\n"),
    exitCode: isWell ? EXIT_CODES.fine : EXIT_CODES.finding,
  };
}
