// What stands on this machine that belongs to this process, seen from outside: all that it has started,
// wherever that went to, what of it listens, and how long it has waited for a processor.

/** What is seen at one look. */
export interface Sight {
  /** Processes that this one has started, they or theirs: `1234 deno`. */
  readonly processes: readonly string[];
  /** Sockets of theirs and of its own that wait for others, by process: `1234 tcp 0100007F:1F90`. */
  readonly listeners: readonly string[];
  /** How many threads this process has. */
  readonly threads: number;
  /** How long the threads of this process have waited for a processor so far, in milliseconds. */
  readonly waitedMs: number;
}

/** Looks once. */
export type Look = () => Promise<Sight>;

// What marks a process is a limit that nothing heeds any more and that whatever it starts inherits: through new
// sessions and lost parents, and without a trace in arguments and environments.
const READ_MARK = "prlimit --pid $1 --noheadings --output=SOFT --locks";
const SET_MARK = "prlimit --pid $1 --locks=$2";
/** Marks are above what anybody would set. */
const MARK_MIN = 1e6;

// The shell and what it calls bear the mark too: their own lines are told by the first one.
const LOOK = `echo $$
cat /proc/$1/task/*/schedstat
echo
cd /proc
pids=$(grep -ls "^Max file locks  *$2 " [0-9]*/limits | cut -d/ -f1)
stats= fds=
for pid in $pids; do stats="$stats $pid/stat" fds="$fds $pid/fd"; done
cat $stats
echo
cat net/tcp net/tcp6 net/udp net/udp6 net/unix
echo
ls -l $fds`;

/** How a state of a socket is written that waits for others: TCP that listens, UDP that anybody reaches. */
const STATES: Readonly<Record<string, string>> = { tcp: "0A", udp: "07" };
/** The flag of a socket in the file system that listens. */
const UNIX_LISTENS = 0x10000;

/**
 * Finds a way to look.
 *
 * @returns The way; `undefined` where there is no `/proc`, or no `prlimit` of util-linux.
 */
export async function findLook(): Promise<Look | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const pid = String(Deno.pid);
  // Whoever is marked stays so: what is there already bears the mark, and few may raise a limit again.
  let mark = (await run(READ_MARK, pid)).trim();
  if (!(Number(mark) >= MARK_MIN)) {
    mark = String(MARK_MIN + crypto.getRandomValues(new Uint32Array(1))[0]!);
    await run(SET_MARK, pid, mark);
  }
  if ((await run(READ_MARK, pid)).trim() !== mark) return undefined;
  return async () => parseSight(await run(LOOK, pid, mark));
}

async function run(script: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", script, "sh", ...args],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

function parseSight(said: string): Sight {
  const [head = "", stats = "", sockets = "", ...links] = said.split("\n\n");
  const [shell, ...waits] = head.split("\n");
  const waitedNs = waits.map((line) => Number(line.split(" ")[1]))
    .reduce((sum, ns) => sum + ns, 0);
  const pids = new Set<string>();
  const processes: string[] = [];
  for (const line of stats.split("\n")) {
    const [, pid = "", name, state = "", parent] =
      /^(\d+) \((.*)\) (\S) (\d+)/s.exec(line) ?? [];
    // A process whose end nobody has taken note of yet does nothing any more.
    if (pid === "" || /[ZX]/.test(state)) continue;
    if (pid === shell || parent === shell) continue;
    pids.add(pid);
    if (pid !== String(Deno.pid)) processes.push(`${pid} ${name}`);
  }
  const waiting = waitingSockets(sockets);
  return {
    processes,
    listeners: listenersOf(links.join("\n"), { pids, waiting }),
    threads: waits.length,
    waitedMs: waitedNs / 1e6,
  };
}

/** Sockets of this machine that wait for others, by the number of their inode. */
function waitingSockets(tables: string): Map<string, string> {
  const found = new Map<string, string>();
  let kind = "";
  for (const line of tables.split("\n")) {
    const columns = line.trim().split(/\s+/);
    if (columns[0] === "Num") kind = "unix";
    // Those of TCP and UDP have the same head but for its width.
    else if (columns[0] === "sl") {
      kind = columns.includes("drops") ? "udp" : "tcp";
    } else if (kind === "unix") {
      const [, , , flags = "", , , inode = "", path = ""] = columns;
      if (parseInt(flags, 16) & UNIX_LISTENS) found.set(inode, `unix ${path}`);
    } else if (columns[3] === STATES[kind]) {
      found.set(columns[9] ?? "", `${kind} ${columns[1]}`);
    }
  }
  return found;
}

/** Which process holds which of them: one that only passes by is not looked for. */
function listenersOf(
  links: string,
  { pids, waiting }: {
    readonly pids: ReadonlySet<string>;
    readonly waiting: ReadonlyMap<string, string>;
  },
): string[] {
  const found = new Set<string>();
  let pid = "";
  for (const line of links.split("\n")) {
    pid = /^(\d+)\/fd:$/.exec(line)?.[1] ?? pid;
    const inode = /socket:\[(\d+)\]$/.exec(line)?.[1] ?? "";
    const socket = waiting.get(inode);
    if (socket !== undefined && pids.has(pid)) found.add(`${pid} ${socket}`);
  }
  return [...found];
}
