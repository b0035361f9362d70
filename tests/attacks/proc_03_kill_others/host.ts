import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { targetsOf } from "../host_targets.ts";

const ATTEMPTS = 8;

/** The host counts what it gets of a signal that ends whoever does not listen for it, as its sibling does not. */
export const act: HostAct = async ({ ecosystem, log, scene, moduleOf }) => {
  let signals = 0;
  const count = () => void signals++;
  Deno.addSignalListener("SIGUSR2", count);
  try {
    await ecosystem.loader.load(moduleOf("signals.js"), {
      config: { attack: { host: targetsOf(scene) } },
    });
    // A signal that was sent has come by now.
    await scene.ping();
    const lines = log.filter(({ source }) => source === "attack")
      .filter(({ message }) => message.startsWith("closed: "));
    assertEquals([lines.length, signals], [ATTEMPTS, 0]);
  } finally {
    Deno.removeSignalListener("SIGUSR2", count);
  }
};
