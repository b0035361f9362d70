import { assertEquals } from "@std/assert";
import { runHost } from "../../../core/sandbox/run_host_test.ts";
import type { HostAct } from "../attack_case.ts";

const ADOPT = `import net from "node:net";
try {
  const socket = new net.Socket({ fd: 60 });
  socket.on("error", () => Deno.exit(0));
  socket.write("x", () => { console.log("adopted"); Deno.exit(0); });
} catch { console.log("closed"); }`;

/** The pipe is there for the host, and nothing comes out of it. */
export const act: HostAct = async ({ scene: { folder } }) => {
  const file = `${folder}/pipe.txt`;
  const leak = `exec 60> >(cat > ${file}); exec "$@"`;
  const said = await runHost("launch.ts", {
    flags: ["-A"],
    args: [ADOPT],
    through: ["/bin/bash", "-c", leak, "bash"],
  });
  assertEquals(said.trim(), "closed");
  assertEquals(await Deno.readTextFile(file), "");
};
