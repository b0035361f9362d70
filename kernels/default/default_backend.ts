import type { Backend } from "../backend.ts";
import {
  createImmediateBackend,
  type ImmediateBackendName,
} from "./immediate_backend.ts";

// The one value that belongs to the whole process: a tensor has no place to carry a backend from,
// and two tensors that meet in one expression must mean the same one. Made on first need.
const DEFAULT: {
  backend: Backend | undefined;
  /** Name of the one before, from the moment it is forgotten until another is there. */
  former: string | undefined;
  observers: readonly { readonly observer: BackendObserver }[];
  /** Those that stand in for others, made on first need. */
  spare: Partial<Record<ImmediateBackendName, Backend>>;
} = { backend: undefined, former: undefined, observers: [], spare: {} };

/** What is told when another backend computes by default: its name, and the one before it. */
export type BackendObserver = (
  name: string,
  previous: string | undefined,
) => void;

/**
 * Hears of every change of the default backend from now on. A backend that takes its own place is no
 * change, and the first one that is made on first need is none either.
 *
 * @param observer What to tell; it must not throw.
 * @returns The observation, to be disposed.
 */
export function observeDefaultBackend(observer: BackendObserver): Disposable {
  const entry = { observer };
  DEFAULT.observers = [...DEFAULT.observers, entry];
  return {
    [Symbol.dispose]() {
      DEFAULT.observers = DEFAULT.observers.filter((other) => other !== entry);
    },
  };
}

/**
 * Finds the backend that computes when nobody says otherwise; makes it on first need.
 *
 * @returns The backend.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if this machine can run none.
 */
export function defaultBackend(): Backend {
  if (DEFAULT.backend) return DEFAULT.backend;
  const { former } = DEFAULT;
  const backend = createImmediateBackend("auto");
  install(backend);
  if (former !== undefined && former !== backend.name) {
    announce(backend.name, former);
  }
  return backend;
}

/**
 * Chooses the backend that computes when nobody says otherwise. What is in the former one stays
 * there, and moves when it is needed.
 *
 * @example Computing with the reference
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { setDefaultBackend, tensor } from "@spiraltorch/spiraltorch";
 *
 * const former = setDefaultBackend("reference");
 * assertEquals(await tensor([1, 2]).add(1).array(), [2, 3]);
 * if (former) setDefaultBackend(former);
 * ```
 *
 * @param backend The backend, or the name of one that can be made at once: where a device has to be
 * asked for, `setDefaultBackend(await createBackend("webgpu"))`.
 * @returns The former one, if one was made.
 * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has that name.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if this machine cannot run it.
 */
export function setDefaultBackend(
  backend: ImmediateBackendName | Backend,
): Backend | undefined {
  const former = DEFAULT.backend;
  const next = typeof backend === "string"
    ? createImmediateBackend(backend)
    : backend;
  const previous = former?.name ?? DEFAULT.former;
  install(next);
  if (next !== former) announce(next.name, previous);
  return former;
}

/**
 * Finds the backend that computes what another one refuses: after any other `wasm`, after that
 * `reference`, which refuses nothing. Made on first need, unless it is the default one.
 *
 * @param refused The backend that refuses.
 * @returns The backend; `undefined` after the last.
 */
export function nextBackend(refused: Backend): Backend | undefined {
  if (refused.name === "reference") return undefined;
  const name = refused.name === "wasm" ? "reference" : "wasm";
  if (DEFAULT.backend?.name === name) return DEFAULT.backend;
  const spare = DEFAULT.spare[name] ?? createImmediateBackend(name);
  DEFAULT.spare = { ...DEFAULT.spare, [name]: spare };
  return spare;
}

/** Forgets the default backend; the next computation makes a new one. */
export function resetDefaultBackend(): void {
  DEFAULT.former = DEFAULT.backend?.name ?? DEFAULT.former;
  DEFAULT.backend = undefined;
}

function install(backend: Backend): void {
  DEFAULT.backend = backend;
  DEFAULT.former = undefined;
}

function announce(name: string, previous: string | undefined): void {
  for (const { observer } of DEFAULT.observers) observer(name, previous);
}
