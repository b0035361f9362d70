import type { Json } from "../../core/mod.ts";
import type { Scene } from "./attack_scene.ts";

/** What a plugin under attack is told of its host, as its setting `host`. */
export function targetsOf(
  { secrets, port, siblingPid }: Scene,
): Readonly<Record<string, Json>> {
  return {
    folder: secrets,
    port,
    siblingPid,
    pid: Deno.pid,
    secret: `${secrets}/secret.txt`,
  };
}
