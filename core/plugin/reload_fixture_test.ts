import { assertEquals } from "@std/assert";
import type { PluginContext } from "./context.ts";
import type { Plugin, PluginMetadata } from "./plugin.ts";
import { type Fixture, plugin } from "./registry_fixture_test.ts";

/** A plugin that counts the events `hello` it has heard, and says so as a service. */
export interface Counter extends Plugin {
  readonly heard: unknown[];
  context?: PluginContext;
}

/** Makes a version of plugin `a` that counts. */
export function counter(
  version: string,
  hooks: Partial<Omit<Plugin, "metadata">> & {
    readonly metadata?: Partial<PluginMetadata>;
  } = {},
): Counter {
  const heard: unknown[] = [];
  const made: Counter = {
    ...plugin("a", { ...hooks, metadata: { version, ...hooks.metadata } }),
    heard,
    async onLoad(context) {
      made.context = context;
      context.operators.register({ name: "count" });
      context.services.provide("counter", { version });
      context.subscribe("hello", (event) => {
        if (event.kind === "Custom") heard.push(event.data);
      });
      await hooks.onLoad?.(context);
    },
  };
  return made;
}

/** Publishes `hello` with a number. */
export function hello({ events }: Fixture, data: number): void {
  events.publish({ kind: "Custom", eventType: "hello", data });
}

/** What can be seen of version 1.0.0 while it does its work. */
export function assertFirstAnswers(made: Fixture, first: Counter): void {
  const { registry, entries } = made;
  assertEquals(registry.get("a")?.version, "1.0.0");
  assertEquals(registry.get("a")?.state, "active");
  assertEquals(registry.listPlugins().includes("a"), true);
  assertEquals([...entries], ["operator count of a"]);
  const { services } = first.context!;
  assertEquals(services.get("counter"), { version: "1.0.0" });
  const before = first.heard.length;
  hello(made, 99);
  assertEquals(first.heard.slice(before), [99]);
}

/** A hook that fails. */
export function fail(): never {
  throw new TypeError("broken");
}
