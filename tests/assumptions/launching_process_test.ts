// What the launcher takes for granted about Deno and the tools that it goes through.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { isAlive, isGoneWithin } from "../../core/sandbox/processes_test.ts";
import { LOCKED, runChild } from "./locked_child.ts";

const ADOPT = `
import net from "node:net";
try {
  const socket = new net.Socket({ fd: 60 });
  socket.on("error", () => Deno.exit(0));
  socket.write("x", () => { console.log("adopted"); Deno.exit(0); });
} catch { console.log("none"); }`;

const LEAK = ["/bin/bash", "-c", 'exec 60> >(cat > /dev/null); exec "$@"', "x"];
const CLOSE = [
  "/bin/bash",
  "-c",
  `for f in /proc/self/fd/*; do
  n=\${f##*/}
  case $n in 0|1|2|*[!0-9]*) ;; *) eval "exec $n>&-" ;; esac
done
exec "$@"`,
  "x",
];

Deno.test("deno: a pipe that a child inherits is its own without any permission, unless it is closed before", async () => {
  assertEquals((await runChild(ADOPT, { through: LEAK })).out, "adopted");
  const closed = await runChild(ADOPT, { through: [...LEAK, ...CLOSE] });
  assertEquals(closed.out, "none");
});

const FILL = `const held = [];
try { for (let i = 0; i < 20; i++) held.push(new Uint8Array(64e6).fill(1)); }
catch (error) { console.log(error.name, held.length > 2); }`;

Deno.test("deno: a limit on data is met as a RangeError, one on addresses keeps a child from starting", async () => {
  const data = await runChild(FILL, {
    through: ["prlimit", "--core=0", "--data=1073741824"],
  });
  assertEquals(data.out, "RangeError true");
  const addresses = await runChild("1", {
    through: ["prlimit", "--core=0", "--as=8589934592"],
  });
  assert(addresses.code !== 0);
});

Deno.test("deno: a limit on time of processors ends a child by SIGXCPU", async () => {
  const { signal } = await runChild("for (;;);", {
    through: ["prlimit", "--core=0", "--cpu=1:2"],
  });
  assertEquals(signal, "SIGXCPU");
});

Deno.test("deno: /proc is readable with all permissions, and by a program with the right to run that", async () => {
  const read = "Deno.readTextFileSync('/proc/1/statm')";
  const run = `if (!new Deno.Command("/bin/cat", {
    args: ["/proc/1/statm"],
  }).outputSync().success) Deno.exit(1)`;
  const codeOf = async (flag: string, code: string) =>
    (await runChild(code, { flags: [flag] })).code;
  assertEquals(await codeOf("--allow-read=/proc", read), 1);
  assertEquals(await codeOf("--allow-all", read), 0);
  assertEquals(await codeOf("--allow-run=/bin/cat", run), 0);
});

/** Starts a busy child, prints its number and dies of SIGKILL. */
function dyingHost(through: readonly string[]): string {
  const busy =
    `Deno.stdout.writeSync(new Uint8Array(1)); const end = Date.now() + 20_000; while (Date.now() < end);`;
  const [command, ...args] = [
    ...through,
    Deno.execPath(),
    ...LOCKED,
    `data:text/javascript,${encodeURIComponent(busy)}`,
  ];
  return `const child = new Deno.Command(${JSON.stringify(command)}, {
    args: ${JSON.stringify(args)},
    stdin: "null", stdout: "piped", stderr: "null",
  }).spawn();
  await child.stdout.getReader().read();
  console.log(child.pid);
  process.kill(Deno.pid, "SIGKILL");`;
}

Deno.test("deno: a busy child outlives its host, unless setpriv ties them together", async () => {
  const pidOf = async (through: readonly string[]) => {
    const { out } = await runChild(dyingHost(through), {
      flags: ["--allow-all"],
      env: { PATH: "/usr/bin:/bin" },
    });
    assertMatch(out, /^\d+$/);
    return Number(out);
  };
  const orphan = await pidOf([]);
  const isLeft = isAlive(orphan);
  if (isLeft) Deno.kill(orphan, "SIGKILL");
  assert(isLeft);
  const tied = await pidOf(["setpriv", "--pdeathsig", "KILL"]);
  assert(await isGoneWithin(tied, 2000));
});
