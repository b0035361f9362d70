import { assertEquals } from "@std/assert";
import type { HostAct } from "../attack_case.ts";

/** Prints a line when it listens, and one for each that connects. */
const LISTENS =
  `const server = Deno.listen({ transport: "unix", path: Deno.args[0] });
console.log("listens");
for await (const connection of server) {
  console.log("connected");
  connection.close();
}`;

/** A socket that is there, and that anybody but a sandbox can connect to, is connected to by nobody. */
export const act: HostAct = async ({ ecosystem, log, scene, moduleOf }) => {
  const socket = `${scene.folder}/socket`;
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      `data:text/javascript,${encodeURIComponent(LISTENS)}`,
      socket,
    ],
    stdout: "piped",
  }).spawn();
  const said = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    assertEquals((await said.read()).value, "listens\n");
    await ecosystem.loader.load(moduleOf(), {
      config: { attack: { host: { socket } } },
    });
    const lines = log.filter(({ source }) => source === "attack");
    assertEquals(lines.map(({ message }) => /^closed: /.test(message)), [
      true,
      true,
      true,
      true,
    ]);
  } finally {
    server.kill("SIGTERM");
  }
  assertEquals((await said.read()).done, true);
  await server.status;
};
