import { parseArgs } from "node:util";

/** What contestants compute on. */
export type BenchBackend = "wasm" | "webgpu";

/** What a bench is asked for. */
export interface BenchOptions {
  /** Rows whose name this matches. */
  readonly only: RegExp;
  /** Whether peers take part. */
  readonly peers: boolean;
  /** Whether few samples will do. */
  readonly quick: boolean;
  /** Whether to print JSON, not a table. */
  readonly json: boolean;
  /** Whether to fail if a row misses its floor. */
  readonly gate: boolean;
  /** What computes. */
  readonly backend: BenchBackend;
  /** Threads that a contestant may use, if it can. */
  readonly threads: number;
}

/**
 * Reads the command line.
 *
 * @param args The arguments.
 * @returns The options.
 * @throws {TypeError} If an option is unknown or has no such value.
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    options: {
      only: { type: "string", default: "" },
      peers: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      gate: { type: "boolean", default: false },
      backend: { type: "string", default: "wasm" },
      threads: { type: "string", default: "1" },
    },
  });
  const threads = Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1) {
    throw new TypeError(
      `Cannot use --threads ${values.threads}: wanted a whole number from 1`,
    );
  }
  const { backend } = values;
  if (backend !== "wasm" && backend !== "webgpu") {
    throw new TypeError(
      `Cannot use --backend ${backend}: wanted wasm or webgpu`,
    );
  }
  return { ...values, only: new RegExp(values.only), backend, threads };
}
