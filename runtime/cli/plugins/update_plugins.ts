import { parseBareSpecifier } from "../../../core/tools.ts";
import type { CommandInput, CommandResult } from "../command.ts";
import { describeLocked } from "./list_plugins.ts";
import {
  findLocked,
  type LockedPlugins,
  openLockfile,
  readLocked,
  withLockfile,
} from "./locked_plugins.ts";

/**
 * Fetches plugins anew and locks what they are now; asks for what they want and have not been granted.
 * Those that are named by their ids come from the index, if one is named: a newer version has another
 * place there.
 *
 * @param input The command line: ids or specifiers, or all if there are none.
 * @returns What changed.
 */
export async function updatePlugins(
  input: CommandInput,
): Promise<CommandResult> {
  const before = await readLocked(input);
  const updates = updatesOf(input, before);
  const wanted = updates.map(({ locked }) => locked);
  const others = before.filter((locked) => !wanted.includes(locked));
  await withLockfile(input, async ({ loader }) => {
    const update = updates.map(({ specifier }) => specifier);
    await loader.load([...others.map(({ url }) => url), ...update], { update });
  });
  await removeFormer(input, wanted);
  const after = await readLocked(input);
  const changed = after.filter(({ url, entry: { digest } }) =>
    before.find((old) => old.url === url)?.entry.digest !== digest
  );
  return {
    data: { updated: changed.map(describeLocked) },
    text: ({ green }) =>
      changed.length === 0
        ? "everything is what it was"
        : changed.flatMap(({ entry }) =>
          [...entry.plugins].map(([id, { version }]) => {
            const old = before.find((one) => one.entry.plugins.has(id));
            const former = old?.entry.plugins.get(id)?.version ?? "new";
            return green(`${id} ${former} -> ${version}`);
          })
        ).join("\n"),
  };
}

/** Plugins that are to be updated, and what they are loaded by. */
interface Update {
  readonly locked: LockedPlugins;
  readonly specifier: string;
}

function updatesOf(
  { args, options }: CommandInput,
  before: readonly LockedPlugins[],
): Update[] {
  if (args.length === 0) {
    return before.map((locked) => ({ locked, specifier: locked.url }));
  }
  const hasIndex = options.text("index") !== undefined;
  const updates = args.map((name) => {
    const bare = parseBareSpecifier(name);
    const [locked] = findLocked([bare?.id ?? name], before);
    const specifier = hasIndex && bare ? name : locked!.url;
    return [locked!, { locked: locked!, specifier }] as const;
  });
  return [...new Map(updates).values()];
}

/** Takes the former place of what is locked at another one now out of the lockfile. */
async function removeFormer(
  input: CommandInput,
  wanted: readonly LockedPlugins[],
): Promise<void> {
  const after = await readLocked(input);
  const former = wanted.filter(({ url, entry }) =>
    after.some((now) =>
      now.url !== url &&
      [...entry.plugins.keys()].some((id) => now.entry.plugins.has(id))
    )
  );
  if (former.length === 0) return;
  await openLockfile(input).remove(former.map(({ url }) => url));
}
