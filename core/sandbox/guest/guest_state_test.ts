import { assertEquals } from "@std/assert";
import type { Json } from "../../base/mod.ts";
import { loaded } from "./fake_host_test.ts";

Deno.test("a guest hands its state over, and says whether it works", async () => {
  const got: unknown[] = [];
  const { host } = await loaded({
    saveState: () => ({ count: NaN, $x: [1] }),
    restoreState: (state, { pluginId }, from) =>
      void got.push(state, pluginId, from),
    healthCheck: () => false,
  });
  const ask = async (
    hook: "saveState" | "restoreState" | "healthCheck",
    handover: { state: Json; from: string } | null = null,
  ) => {
    const request = { kind: "hook", id: 9, plugin: 0, hook } as const;
    const [sent] = await host.ask({ ...request, config: [], handover });
    return sent?.kind === "done" ? sent.value : sent;
  };
  const state = { count: { $number: "NaN" }, $$x: [1] };
  assertEquals(await ask("saveState"), state);
  assertEquals(await ask("restoreState", { state, from: "1.0.0" }), null);
  assertEquals(got, [{ count: NaN, $x: [1] }, "acme.a", "1.0.0"]);
  assertEquals(await ask("healthCheck"), false);
});

Deno.test("a guest refuses to save what cannot cross", async () => {
  const { host } = await loaded({ saveState: () => ({ run: () => {} }) });
  const request = {
    kind: "hook",
    id: 9,
    plugin: 0,
    hook: "saveState",
  } as const;
  const [sent] = await host.ask({ ...request, config: [], handover: null });
  assertEquals(sent?.kind === "failed" && sent.error.code, "MESSAGE_INVALID");
});
