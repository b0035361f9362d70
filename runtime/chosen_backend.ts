import { assertMethods } from "../core/base/mod.ts";
import {
  type Backend,
  type BackendRegistry,
  defaultBackend,
  resetDefaultBackend,
  setDefaultBackend,
} from "../kernels/mod.ts";
import { ecosystemClosed } from "./errors.ts";

/**
 * What computes for one ecosystem: the last of its choices that is still there. A choice is the default of
 * the process too; at the end what computed before the first choice does so again.
 */
export class ChosenBackend implements AsyncDisposable {
  readonly #backends: BackendRegistry;
  /** Made by name, each once. */
  readonly #made = new Map<string, Backend>();
  /** Those whose plugins have gone. */
  readonly #gone = new WeakSet<Backend>();
  #choices: readonly Backend[] = [];
  /** What computed by default before the first choice. */
  #before: Backend | undefined;
  #isOver = false;

  /**
   * Constructs a new instance: the default of the process is left as it is.
   *
   * @param backends Where names are looked up.
   */
  constructor(backends: BackendRegistry) {
    this.#backends = backends;
  }

  /** What computes. */
  get current(): Backend {
    return this.#choices.at(-1) ?? defaultBackend();
  }

  /**
   * Chooses what computes from now on.
   *
   * @param backend The backend, or its name; `auto` takes all choices back.
   * @returns What computes.
   * @throws {BackendError} `BACKEND_UNKNOWN`, `BACKEND_UNAVAILABLE` or `BACKEND_FAILED` if it cannot be
   * had; all is as it was then.
   * @throws {RuntimeError} `ECOSYSTEM_CLOSED` after the end.
   */
  async choose(backend: string | Backend): Promise<Backend> {
    this.#assertOpen();
    if (backend === "auto") {
      this.#dropAll();
      return defaultBackend();
    }
    const next = typeof backend === "string"
      ? await this.#make(backend)
      : backend;
    // Its plugin may have gone since: then there is no such name any more.
    if (this.#gone.has(next)) return await this.choose(next.name);
    assertMethods("a backend", next, "refuses", "allocate", "compile");
    const former = setDefaultBackend(next);
    if (this.#choices.length === 0) this.#before = former;
    this.#choices = [...this.#choices.filter((other) => other !== next), next];
    return next;
  }

  /**
   * Forgets a backend that is going; the choice before it counts again.
   *
   * @param backend The backend, whether it was chosen or not.
   */
  forget(backend: Backend): void {
    const { name } = backend;
    this.#gone.add(backend);
    if (this.#made.get(name) === backend) this.#made.delete(name);
    this.#drop(backend);
  }

  /** Takes all choices back, and disposes what was made for them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await using made = new AsyncDisposableStack();
    for (const backend of this.#made.values()) made.use(backend);
    this.#dropAll();
  }

  #dropAll(): void {
    for (const choice of this.#choices.toReversed()) this.#drop(choice);
  }

  #drop(backend: Backend): void {
    if (!this.#choices.includes(backend)) return;
    this.#choices = this.#choices.filter((other) => other !== backend);
    // Somebody else may have chosen another one since.
    if (defaultBackend() !== backend) return;
    const next = this.#choices.at(-1) ?? this.#before;
    if (next) setDefaultBackend(next);
    else resetDefaultBackend();
  }

  async #make(name: string): Promise<Backend> {
    const known = this.#made.get(name);
    if (known) return known;
    await using stack = new AsyncDisposableStack(); // runs here unless moved out below
    const made = stack.use(await this.#backends.create(name));
    this.#assertOpen();
    const other = this.#made.get(name);
    if (other) return other; // asked for at the same time
    if (this.#gone.has(made)) return made;
    this.#made.set(name, made);
    stack.move();
    return made;
  }

  #assertOpen(): void {
    if (this.#isOver) throw ecosystemClosed("choose a backend");
  }
}
