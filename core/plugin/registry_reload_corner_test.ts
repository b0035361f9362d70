import { assertEquals } from "@std/assert";
import { failure, fixture, plugin } from "./registry_fixture_test.ts";
import { counter, fail, hello } from "./reload_fixture_test.ts";

Deno.test("reload() counts what it drops when it fails, too", async () => {
  const made = fixture();
  await made.registry.register(counter("1.0.0"));
  const next = counter("2.0.0", {
    onLoad() {
      for (let n = 0; n < 1025; n++) hello(made, n);
      fail();
    },
  });
  await failure(made.registry.reload("a", next));
  assertEquals(made.log.at(-1)?.fields, { dropped: 1 });
});

Deno.test("reload() brings back to the old one only what each listener would have heard", async () => {
  const made = fixture();
  const late: unknown[] = [];
  const first = counter("1.0.0", {
    saveState(context) {
      hello(made, 1);
      context.subscribe("hello", (event) => {
        if (event.kind === "Custom") late.push(event.data);
      });
      hello(made, 2);
    },
  });
  await made.registry.register(first);
  const next = counter("2.0.0", { onLoad: fail });
  await failure(made.registry.reload("a", next));
  assertEquals([first.heard, late], [[1, 2], [2]]);
});

Deno.test("reload() tells SystemInit once that comes while the old one ends", async () => {
  const { registry } = fixture();
  const seen: string[] = [];
  await registry.register(plugin("a", {
    onUnload: () => void registry.initializeAll(),
  }));
  await registry.reload(
    "a",
    plugin("a", {
      onEvent: ({ kind }) => void seen.push(kind),
    }),
  );
  assertEquals(seen, ["SystemInit", "PluginReloaded"]);
});

Deno.test("reload() keeps new settings of the host for the next time", async () => {
  const { registry } = fixture();
  await registry.register(counter("1.0.0"), { config: { rate: 1 } });
  await registry.reload("a", counter("1.1.0"), { config: { rate: 2 } });
  await registry.unregister("a");
  const again = counter("1.2.0");
  await registry.register(again);
  assertEquals(again.context?.config.list(), [["rate", 2]]);
});
