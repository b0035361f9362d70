/** A permission's name. */
export type PermissionName =
  | "env"
  | "ffi"
  | "net"
  | "read"
  | "run"
  | "sys"
  | "write";

/** Permissions that are looked at, in the order in which they are told. */
export const PERMISSION_NAMES: readonly PermissionName[] = [
  "read",
  "write",
  "net",
  "env",
  "run",
  "sys",
  "ffi",
];

/** The WebGPU adapter of a machine; what its driver tells of it. */
export interface AdapterFacts {
  /** Who made it. */
  readonly vendor: string;
  /** What it calls itself. */
  readonly description: string;
  /** Whether it is a program that computes on the CPU, such as lavapipe. */
  readonly isSoftware: boolean;
}

/** What a machine and a process have, as far as this library is concerned. */
export interface SystemFacts {
  /** Versions by name: `spiraltorch`, `deno`, `v8`, `typescript`. */
  readonly versions: Readonly<Record<string, string>>;
  /** System and processor, `linux x86_64`. */
  readonly platform: string;
  /** How many threads run at a time. */
  readonly cores: number;
  /** What WebAssembly can do here. */
  readonly wasm: {
    /** Vectors. */
    readonly simd: boolean;
    /** Vectors with fused multiplication and addition. */
    readonly relaxedSimd: boolean;
    /** Memory that threads share. */
    readonly sharedMemory: boolean;
  };
  /** The WebGPU adapter; `undefined` if there is none. */
  readonly adapter: AdapterFacts | undefined;
  /** Permissions: `granted`, `partial`, `prompt` or `denied`. */
  readonly permissions: Readonly<Record<PermissionName, string>>;
  /** How a sandbox could be started: the tools that lock it down. */
  readonly sandbox: {
    /** Whether this process may start Deno. */
    readonly mayRunDeno: boolean;
    /** Limits that would not be held, by name. */
    readonly limitsNotInForce: readonly string[];
  };
  /** The folder for modules of plugins; `undefined` if there is none that may be used. */
  readonly cacheFolder: string | undefined;
  /** Whether JSR answers; `undefined` if it must not be asked. */
  readonly jsr:
    | { readonly isReachable: boolean; readonly reason: string }
    | undefined;
}
