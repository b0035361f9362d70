import { resolvePlugins } from "./resolve_plugins.ts";
import { requestsFor, syntheticSource } from "./synthetic_source_test.ts";

for (const narrow of [0, 2]) {
  for (const count of [100, 200, 500, 1000, 2000]) {
    const source = syntheticSource(count, narrow);
    const requests = requestsFor(count);
    Deno.bench({
      name: `resolvePlugins() ${count} plugins, ${2 * narrow} % narrow ranges`,
      group: `${2 * narrow} %`,
      n: 10,
      warmup: 3,
      async fn() {
        await resolvePlugins(requests, source, { engineVersion: "0.1.0" });
      },
    });
  }
}
