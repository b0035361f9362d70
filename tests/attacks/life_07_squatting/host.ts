import { assert, assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { causesOf } from "../causes.ts";
import { codesOf, failureOf, messageOf } from "../failures.ts";

/** What somebody has is theirs, and who takes it learns whose. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  const { loader, plugins } = ecosystem;
  const error = await failureOf(() => loader.load(moduleOf("name.js")));
  const said = [...causesOf(error)].map(messageOf).join();
  assert(said.includes("relu"), said);
  await plugins.register({
    metadata: { id: "owner", version: "1.0.0" },
    onLoad: ({ services }) =>
      void services.provide("vault", { who: () => "owner" }),
  });
  const provide = (name: string) =>
    loader.load(moduleOf("service.js"), { config: { attack: { name } } });
  const codes = await codesOf(() => provide("owner/vault"));
  assert(codes.includes("PLUGIN_LOAD_FAILED"), codes.join());
  await provide("vault");
  let held: { who(): Promise<string> } | undefined;
  await plugins.register({
    metadata: { id: "user", version: "1.0.0" },
    onLoad: ({ services }) => void (held = services.require("owner/vault")),
  });
  assertEquals(await held!.who(), "owner");
};
