/**
 * Backends by name: those of the library, and those that plugins or the host add. A value: two registries
 * share nothing.
 *
 * @module
 */
import {
  assertFunction,
  compareText,
  invalidOption,
  isCoded,
  type Layer,
  LayeredMap,
  optionsOf,
} from "../core/base/mod.ts";
import type { Backend } from "./backend.ts";
import { type BackendName, createBackend } from "./create_backend.ts";
import {
  backendExists,
  backendFailed,
  backendRevoked,
  backendUnknown,
  type BroughtBackend,
} from "./ir/mod.ts";
import type { LentBackend } from "./lent_backend.ts";

/** A backend that can be asked for by name. */
export interface BackendDefinition {
  /** Its name, with a prefix for whose it is: `acme:counting`. */
  readonly name: string;
  /** One sentence about what it is. */
  readonly description: string;
  /**
   * Makes the backend, each time that somebody asks for it; whoever asked disposes it. Where this machine
   * cannot run it, it throws an error with the code `BACKEND_UNAVAILABLE`.
   */
  create(): Backend | Promise<Backend>;
}

/** What is known of a backend. */
export interface BackendInfo {
  /** Its name. */
  readonly name: string;
  /** One sentence about what it is. */
  readonly description: string;
  /** `library`, `host` or a plugin's id. */
  readonly owner: string;
}

/** Options of {@linkcode BackendRegistry.register}. */
export interface RegisterBackendOptions {
  /** Who adds it: a plugin's id. The host if left out. */
  readonly owner?: string;
  /**
   * Which generation of the owner adds it: it covers a backend of the same name that an older generation
   * has added, until one of the two is taken out.
   *
   * @default {1}
   */
  readonly generation?: number;
}

/** Options of {@linkcode BackendRegistry}. */
export interface BackendRegistryOptions {
  /**
   * Told of each backend that goes with whoever has brought it, before it is disposed.
   *
   * @param backend The backend, as `create` gave it.
   */
  readonly onRevoke?: (backend: Backend) => void;
}

const LIBRARY: ReadonlyMap<string, string> = new Map([
  ["reference", "Plain TypeScript in double precision: slow, obviously right."],
  ["wasm", "WebAssembly with SIMD, on as many threads as there are cores."],
  ["webgpu", "WGSL on the GPU that Deno finds."],
]);

/** Names that mean a backend of the library, or several. */
const OTHER_NAMES: readonly string[] = ["auto", "cpu", "wgpu"];

/** Labels of operators mean backends in any case, so a name has one way to be written. */
const NAME = /^[a-z][a-z0-9_.:/-]{0,63}$/;

/** A backend that was added, and what was made of it. */
interface Entry extends Layer {
  readonly definition: BackendDefinition;
  readonly from: BroughtBackend;
  readonly lent: Set<LentBackend>;
  isGone: boolean;
}

/**
 * Backends by name: those of the library, and those that plugins or the host add.
 *
 * @example A backend of one's own
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BackendRegistry } from "@spiraltorch/spiraltorch/kernels";
 * import { createReferenceBackend } from "@spiraltorch/spiraltorch/kernels/reference";
 *
 * const registry = new BackendRegistry();
 * await using _registration = registry.register({
 *   name: "acme:exact",
 *   description: "The reference, whose arrays hold what they would hold elsewhere.",
 *   create: () => createReferenceBackend({ precision: "float32" }),
 * });
 * await using backend = await registry.create("acme:exact");
 * assertEquals(backend.name, "acme:exact");
 * ```
 */
export class BackendRegistry {
  readonly #added = new LayeredMap<Entry>();
  readonly #onRevoke: (backend: Backend) => void;

  /**
   * Constructs a new instance, which holds the backends of the library.
   *
   * @param options Who hears of backends that go.
   */
  constructor(options?: BackendRegistryOptions) {
    const { onRevoke = () => {} } = optionsOf<BackendRegistryOptions>(
      "BackendRegistry",
      options,
    );
    assertFunction("BackendRegistry onRevoke", onRevoke);
    this.#onRevoke = onRevoke;
  }

  /**
   * Adds a backend.
   *
   * @param definition The backend; it is read once.
   * @param options Who adds it.
   * @returns Its place. Disposing it takes the backend out at once, and with it everything that was made
   * of it: what runs there, or is read from there, ends with `BACKEND_REVOKED`. It resolves when they are
   * disposed.
   * @throws {BackendError} `BACKEND_EXISTS` if the name is taken; those of the library cannot be replaced.
   * @throws {OptionError} `INVALID_OPTION` if it is no definition.
   */
  register(
    definition: BackendDefinition,
    options?: RegisterBackendOptions,
  ): AsyncDisposable {
    const { owner, generation = 1 } = optionsOf<RegisterBackendOptions>(
      "register",
      options,
    );
    const checked = checkedDefinition(definition);
    const { name } = checked;
    const from = { name, owner: owner ?? "host" };
    const entry: Entry = {
      definition: checked,
      from,
      owner,
      generation,
      lent: new Set(),
      isGone: false,
    };
    if (LIBRARY.has(name) || OTHER_NAMES.includes(name)) {
      throw backendExists({ name, owner: "library" });
    }
    if (!this.#added.accepts(name, entry)) {
      throw backendExists(this.#added.get(name)!.from);
    }
    this.#added.put(name, entry);
    return { [Symbol.asyncDispose]: () => this.#remove(entry) };
  }

  /**
   * Makes a backend.
   *
   * @param name Its name; `auto` is the fastest of the library's that starts at once.
   * @returns The backend, for the caller to dispose.
   * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has that name.
   * @throws {BackendError} `BACKEND_UNAVAILABLE` if this machine cannot run it.
   * @throws {BackendError} `BACKEND_FAILED` if the code that makes it throws, or makes something else.
   */
  async create(name: string): Promise<Backend> {
    if (name === "auto" || LIBRARY.has(name)) {
      return await createBackend(name as BackendName);
    }
    const entry = this.#added.get(name);
    if (entry) return await lend(entry);
    const shown = typeof name === "string" ? name : typeof name;
    throw backendUnknown(shown, ["auto", ...this.listBackends()]);
  }

  /**
   * Lists all backends, whether this machine can run them or not.
   *
   * @returns Their names, sorted.
   */
  listBackends(): string[] {
    return [...LIBRARY.keys(), ...this.#added.keys()].sort(compareText);
  }

  /**
   * Tells what is known of a backend.
   *
   * @param name Its name.
   * @returns What is known; `undefined` if there is none of that name.
   */
  describe(name: string): BackendInfo | undefined {
    const entry = this.#added.get(name);
    if (entry) {
      const { definition: { description }, from } = entry;
      return { ...from, description };
    }
    const description = LIBRARY.get(name);
    return description === undefined
      ? undefined
      : { name, description, owner: "library" };
  }

  /**
   * Lists what was made of a backend that was added, and has not been disposed.
   *
   * @param name Its name.
   * @returns The backends.
   */
  inUse(name: string): readonly Backend[] {
    return [...this.#added.get(name)?.lent ?? []];
  }

  async #remove(entry: Entry): Promise<void> {
    if (entry.isGone) return;
    entry.isGone = true;
    this.#added.remove(entry.definition.name, entry);
    const revoked = [...entry.lent].map(async (backend) => {
      const disposed = backend.revoke();
      this.#onRevoke(backend);
      await disposed;
    });
    entry.lent.clear();
    await Promise.all(revoked);
  }
}

/** Makes a backend of an entry, which may be taken out meanwhile. */
async function lend(entry: Entry): Promise<Backend> {
  const { from, lent } = entry;
  // On first need: most programs compute on what the library has.
  const { LentBackend } = await import("./lent_backend.ts");
  const backend = new LentBackend(await make(entry), {
    from,
    onEnd: () => void lent.delete(backend),
  });
  if (entry.isGone) {
    await backend.revoke();
    throw backendRevoked(from);
  }
  lent.add(backend);
  return backend;
}

async function make({ definition, from }: Entry): Promise<Backend> {
  try {
    return await definition.create();
  } catch (cause) {
    throw isCoded(cause)
      ? cause
      : backendFailed(from, `create threw ${String(cause)}`, { cause });
  }
}

function checkedDefinition(definition: BackendDefinition): BackendDefinition {
  const { name, description, create } = optionsOf<BackendDefinition>(
    "a backend",
    definition,
  );
  if (typeof name !== "string" || !NAME.test(name)) {
    const wanted = "small letters, digits and _ . : / -, at most 64 of them";
    throw invalidOption("the name of a backend", name, wanted);
  }
  if (typeof description !== "string") {
    throw invalidOption("the description of a backend", description, "text");
  }
  assertFunction(`create of backend "${name}"`, create);
  return { name, description, create: () => create.call(definition) };
}
