// What a case could leave behind in the host itself.

import type { Ecosystem } from "@spiraltorch/spiraltorch";

/** How long a plugin may take to be gone whose process has ended. */
const GONE_MS_MAX = 5000;

/** What all objects and lists have. */
export function prototypes(): string {
  return [Object.prototype, Array.prototype, Function.prototype]
    .map((one) => Reflect.ownKeys(one).map(String).join()).join(";");
}

/** What they have before anything is attempted. */
export const UNTOUCHED: string = prototypes();

/** What an ecosystem holds, in words. */
export function digest(
  { plugins, operators, modules, loader }: Ecosystem,
): string {
  return JSON.stringify([
    plugins.listPlugins(),
    operators.listOperators(),
    modules.listModules(),
    loader.reports(),
  ]);
}

/** Unloads all plugins, and waits until they are gone. */
export async function unloadAll({ plugins, loader }: Ecosystem): Promise<void> {
  for (const id of plugins.listPlugins().toReversed()) {
    if (!plugins.has(id)) continue;
    // A hook that hangs has had its turn; what counts is that the plugin is gone.
    await plugins.unregister(id, { cascade: true }).catch(() => {});
  }
  await untilGone(loader);
}

/** Waits until no plugin is there any more: one whose process has died is on its way out unasked. */
export async function untilGone(loader: Ecosystem["loader"]): Promise<void> {
  const end = performance.now() + GONE_MS_MAX;
  while (loader.reports().length > 0 && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
