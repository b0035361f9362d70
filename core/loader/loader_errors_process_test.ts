// What each step of a load fails with, from a server of this machine.

import { assertEquals } from "@std/assert";
import type { DynamicPluginLoaderOptions } from "./loader_options.ts";
import type { LoadOptions } from "./load_options.ts";
import {
  createLoaderHost,
  type LoaderHost,
  loadFailure,
  plugin,
} from "./loader_host_test.ts";

/** A load that fails. */
interface FailingLoad {
  readonly code: string;
  /** Puts what is loaded on the server, and gives the specifiers. */
  readonly prepare: (host: LoaderHost) => string | readonly string[];
  readonly load?: LoadOptions;
  readonly loader?: Partial<DynamicPluginLoaderOptions>;
}

const FAILING: readonly FailingLoad[] = [
  {
    code: "SPECIFIER_INVALID",
    prepare: ({ origin }) => origin.replace("http:", "ftp:"),
  },
  {
    code: "SOURCE_DENIED",
    prepare: (host) => host.serve("mod.js", plugin("acme.a")),
    loader: { policy: { hosts: ["plugins.example"] } },
  },
  { code: "FETCH_FAILED", prepare: ({ origin }) => `${origin}/none.js` },
  {
    code: "FETCH_LIMIT",
    prepare(host) {
      for (const hop of [1, 2, 3, 4]) {
        host.serve(`${hop}.js`, `-> /${hop + 1}.js`);
      }
      return `${host.origin}/1.js`;
    },
  },
  {
    code: "INTEGRITY_MISMATCH",
    prepare: (host) => host.serve("mod.js", plugin("acme.a")),
    load: { integrity: `sha256-${"A".repeat(43)}=` },
  },
  {
    code: "PERMISSION_REFUSED",
    prepare: (host) =>
      host.serve(
        "mod.js",
        `export default { metadata: { id: "acme.a", version: "1.0.0",
          permissions: { net: ["api.example:443"] } } }`,
      ),
  },
  {
    code: "SANDBOX_START_FAILED",
    prepare: (host) => host.serve("mod.js", "Deno.exit(4)"),
  },
  {
    code: "NO_PLUGIN_EXPORT",
    prepare: (host) => host.serve("mod.js", "export const a = 1"),
  },
  {
    code: "DEPENDENCY_VERSION",
    prepare: (host) => [
      host.serve("a.js", plugin("acme.a")),
      host.serve(
        "b.js",
        `export default { metadata: { id: "acme.b", version: "1.0.0",
          dependencies: { "acme.a": "^2.0.0" } } }`,
      ),
    ],
  },
];

Deno.test.each([...FAILING])(
  "loader: each error above once, from a local server: $code",
  async ({ code, prepare, load = {}, loader = {} }) => {
    await using host = createLoaderHost(loader);
    const error = await loadFailure(host, prepare(host), load);
    assertEquals(error.code, code);
  },
);
