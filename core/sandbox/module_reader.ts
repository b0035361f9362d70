/**
 * Reads the modules of strangers: takes their types off and finds their imports.
 *
 * Both tools are fast and neither is made for hostile text: deep nesting overflows the stack of the
 * one, which ends the process it runs in, and the memory of the other, which then fails for
 * everybody. So they run in a sandbox that is thrown away, a fresh lexer for each module, and what it
 * answers is parsed as foreign. The sandbox never evaluates what it reads.
 *
 * @module
 */
import lexerSource from "es-module-lexer/js" with { type: "text" };
import { z } from "zod";
import { type Clock, SYSTEM_CLOCK } from "../base/mod.ts";
import { startDeadline } from "./deadline.ts";
import type { Enclosure, Tier } from "./enclosure.ts";
import { pluginImportFailed, sandboxStartFailed } from "./errors.ts";
import { type Frame, ProtocolViolation } from "./frame.ts";
import { type SandboxLimits, sandboxLimits } from "./limits.ts";
import { processTier } from "./process_tier.ts";

/** One import of a module, as it is written there. */
export interface ModuleImport {
  /** What it names; `null` if that is computed when the module runs. */
  readonly specifier: string | null;
  /** Whether it is more than a plain import: it has attributes, or imports a source or lazily. */
  readonly isSpecial: boolean;
}

/** A module that has been read. */
export interface ReadModule {
  /** Its JavaScript. Types have become blanks, so every line and column is where it was. */
  readonly code: string;
  /** What it imports, in order and each once, `export … from` and `import()` included. */
  readonly imports: readonly ModuleImport[];
}

/** Reads modules until it is disposed. */
export interface ModuleReader extends AsyncDisposable {
  /**
   * Reads a module.
   *
   * @param url Where it came from, for messages.
   * @param source Its text.
   * @param options Whether it is TypeScript.
   * @returns Its JavaScript and its imports.
   * @throws {PluginError} `PLUGIN_IMPORT_FAILED` if it does not parse or has types that are more
   * than annotations.
   * @throws {PluginError} `SANDBOX_START_FAILED` if reading it ended its sandbox or took too long.
   * @throws {PluginError} `ISOLATION_UNAVAILABLE` if there can be no such sandbox here.
   */
  read(
    url: string,
    source: string,
    options: { readonly isTypeScript: boolean },
  ): Promise<ReadModule>;
}

/** How a reader works. */
export interface ModuleReaderOptions {
  /** How much time and memory it may take. `startupMs` is for one module. */
  readonly limits?: Partial<SandboxLimits>;
  /** Where time comes from. */
  readonly clock?: Clock;
  /** What it is kept in; a process if left out. */
  readonly tier?: Tier;
}

/** How many imports of a module are told of; a graph may have far fewer modules. */
const IMPORTS_MAX = 1024;
/** How long the name of an import may be, in UTF-16 code units. */
const SPECIFIER_LENGTH_MAX = 4096;

const READER_PROGRAM = `
import { stripTypeScriptTypes } from "node:module";
const { bytes: lexer } = await receive();
const lexerUrl = "data:text/javascript," + encodeURIComponent(decoder.decode(lexer));
const PLAIN_IMPORTS = [1, 2], META = 3;
for (let id = 0;; id++) {
  const { header: { isTypeScript }, bytes } = await receive();
  try {
    const source = decoder.decode(bytes);
    const code = isTypeScript ? stripTypeScriptTypes(source) : source;
    const { parse } = await import(lexerUrl + "#" + id);
    const found = new Map();
    for (const { n, t, a } of parse(code)[0]) {
      if (t === META) continue;
      if (n?.length > ${SPECIFIER_LENGTH_MAX}) {
        throw new RangeError("a name of " + n.length + " characters, wanted at most ${SPECIFIER_LENGTH_MAX}");
      }
      const one = { specifier: n ?? null, isSpecial: a !== -1 || !PLAIN_IMPORTS.includes(t) };
      found.set(stringify(one), one);
    }
    if (found.size > ${IMPORTS_MAX}) {
      throw new RangeError(found.size + " imports, wanted at most ${IMPORTS_MAX}");
    }
    send({ kind: "read", imports: [...found.values()] }, encoder.encode(code));
  } catch (error) {
    send({ kind: "refused", name: String(error?.name), message: String(error?.message).slice(0, 1024) });
  }
}
`;

const answerSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("read"),
    imports: z.array(z.strictObject({
      specifier: z.string().nullable(),
      isSpecial: z.boolean(),
    })),
  }),
  z.strictObject({
    kind: z.literal("refused"),
    name: z.string(),
    message: z.string(),
  }),
]);

/** What the sandbox answers to one module. */
interface Answer {
  readonly header: z.infer<typeof answerSchema>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Makes a reader. Its sandbox is started for the first module.
 *
 * @param options How it works.
 * @returns The reader, for the caller to dispose.
 */
export async function createModuleReader(
  options: ModuleReaderOptions = {},
): Promise<ModuleReader> {
  return new GuestModuleReader({
    limits: sandboxLimits(options.limits),
    clock: options.clock ?? SYSTEM_CLOCK,
    tier: options.tier ?? await processTier(),
  });
}

class GuestModuleReader implements ModuleReader {
  readonly #options: ResolvedOptions;
  readonly #waiting: ((answer: Answer) => void)[] = [];
  #opened: Enclosure | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
  }

  async read(
    url: string,
    source: string,
    { isTypeScript }: { readonly isTypeScript: boolean },
  ): Promise<ReadModule> {
    const { clock, limits } = this.#options;
    const enclosure = this.#opened ??= this.#open();
    using _deadline = startDeadline(
      clock,
      limits.startupMs,
      () => enclosure.kill("startup-timeout"),
    );
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#waiting.push(resolve);
    enclosure.send({ isTypeScript }, new TextEncoder().encode(source));
    const failed = enclosure.ended.then((death) => {
      throw sandboxStartFailed(url, death);
    });
    const { header, bytes } = await Promise.race([promise, failed]);
    if (header.kind === "refused") throw pluginImportFailed(url, header);
    const code = new TextDecoder().decode(bytes);
    return { code, imports: header.imports };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened?.[Symbol.asyncDispose]();
  }

  #open(): Enclosure {
    const { limits, clock, tier } = this.#options;
    const enclosure = tier.open({
      name: "reader of modules",
      program: READER_PROGRAM,
      limits,
      clock,
      onFrame: (frame) => this.#take(frame),
    });
    enclosure.send(null, new TextEncoder().encode(lexerSource));
    return enclosure;
  }

  /** Answers come in the order of the questions. */
  #take({ header, bytes }: Frame): void {
    const parsed = answerSchema.safeParse(header);
    const resolve = this.#waiting.shift();
    if (!parsed.success || resolve === undefined) {
      throw new ProtocolViolation("protocol", "An answer of no known shape");
    }
    resolve({ header: parsed.data, bytes });
  }
}

interface ResolvedOptions {
  readonly limits: SandboxLimits;
  readonly clock: Clock;
  readonly tier: Tier;
}
