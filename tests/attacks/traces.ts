// What a case could leave behind: files, sockets and processes, one line each.

import { assert, assertEquals } from "@std/assert";
import type { Look } from "./sight.ts";

/** How long what is on its way out may take. */
const GONE_MS_MAX = 1000;
const AGAIN_MS = 20;

/** The platform has threads of its own for files and names, which come and go. */
const MORE_THREADS_MAX = 64;

/** Where it is looked for. */
export interface TraceOptions {
  /** Folders whose files count with all that is in them. */
  readonly trees: readonly string[];
  /** Folders of which only the names in them count: they are large, or others write there too. */
  readonly folders: readonly string[];
  /** Looks at this machine, where that is possible. */
  readonly look: Look | undefined;
}

/** What is there, held against what was there. */
export class Traces {
  readonly #options: TraceOptions;
  #before: readonly string[] = [];
  #waitedMs = 0;
  #threads = 0;
  #threadsBefore = 0;

  constructor(options: TraceOptions) {
    this.#options = options;
  }

  /** Remembers what is there. */
  async remember(): Promise<void> {
    this.#before = await this.#lines();
    this.#threadsBefore = this.#threads;
  }

  /**
   * Requires that everything is as it was, and tells how long the threads of this process have waited for
   * a processor since the last time: who cannot see it has to take any wait for one of these.
   */
  async assertAsBefore(): Promise<number> {
    const endMs = performance.now() + GONE_MS_MAX;
    const since = this.#waitedMs;
    let lines = await this.#lines();
    while (this.#isUnderWay(lines) && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      lines = await this.#lines();
    }
    const more = this.#threads - this.#threadsBefore;
    assert(more < MORE_THREADS_MAX, `there are ${more} threads more`);
    const left = lines.filter((line) => !this.#before.includes(line));
    // A process that ends later than it is done with may have been there before.
    const gone = this.#before.filter((line) =>
      !lines.includes(line) && !/^(process|listener)/.test(line)
    );
    assertEquals({ left, gone }, { left: [], gone: [] }, "traces are left");
    return this.#options.look === undefined ? Infinity : this.#waitedMs - since;
  }

  /** Whether something is left that may be on its way out; of files, only what others may have put beside. */
  #isUnderWay(lines: readonly string[]): boolean {
    return lines.some((line) =>
      /^(process|listener|name)/.test(line) && !this.#before.includes(line)
    );
  }

  /** Requires that a process and a socket of this one are seen. */
  async assertSees(pid: number, port: number): Promise<void> {
    const { processes = [], listeners = [] } = await this.#options.look?.() ??
      {};
    const isSeen = processes.some((line) => line.startsWith(`${pid} `));
    assert(isSeen, `process ${pid} is not among ${processes}`);
    const place = port.toString(16).toUpperCase().padStart(4, "0");
    const isHeard = listeners.some((line) => line.endsWith(`:${place}`));
    assert(isHeard, `port ${port} is not among ${listeners}`);
  }

  /** Requires that nothing but this process listens: no sandbox does. */
  async assertNobodyListens(): Promise<void> {
    const { listeners = [] } = await this.#options.look?.() ?? {};
    const own = `${Deno.pid} `;
    const others = listeners.filter((line) => !line.startsWith(own));
    assertEquals(others, [], "a sandbox listens");
  }

  async #lines(): Promise<string[]> {
    const { trees, folders, look } = this.#options;
    const lines: string[] = [];
    for (const tree of trees) await addFiles(tree, lines);
    for (const folder of folders) {
      for await (const { name } of Deno.readDir(folder)) {
        lines.push(`name ${folder} ${name}`);
      }
    }
    const sight = await look?.();
    if (sight === undefined) return lines;
    this.#waitedMs = sight.waitedMs;
    this.#threads = sight.threads;
    return [
      ...lines,
      ...sight.processes.map((line) => `process ${line}`),
      ...sight.listeners.map((line) => `listener ${line}`),
    ];
  }
}

/** A line for each file: what is in it, or where a link leads. */
async function addFiles(folder: string, lines: string[]): Promise<void> {
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isSymlink) lines.push(`link ${path} ${await Deno.readLink(path)}`);
    else if (isDirectory) {
      lines.push(`folder ${path}`);
      await addFiles(path, lines);
    } else {
      lines.push(`file ${path} ${await digestOf(await Deno.readFile(path))}`);
    }
  }
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
