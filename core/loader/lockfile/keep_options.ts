import { invalidOption } from "../../base/mod.ts";

/** Where a loader keeps what it has loaded. */
export interface KeepOptions {
  /** The lockfile: what plugins are made of is written there once and held against it from then on. */
  readonly lockfile?: string;
  /** Whether the lockfile stays as it is, and what it does not know is refused. */
  readonly frozen?: boolean;
  /** Whether the lockfile stays as it is, though what it does not know may be loaded. */
  readonly readOnly?: boolean;
  /**
   * The folder for modules. If it is left out but there is a lockfile, the system's folder for caches
   * is used, where this process may.
   */
  readonly cacheDir?: string;
  /**
   * How large the folder for modules may be, in bytes. What no lockfile names goes first.
   *
   * @default {1_073_741_824}
   */
  readonly cacheBytesMax?: number;
  /**
   * The folder in which it is written down what was granted on this machine: a grant that only the
   * lockfile knows does not count. If it is left out but there is a lockfile, the system's folder for
   * what a user's programs remember is used, where this process may.
   */
  readonly consentDir?: string;
}

/**
 * Checks where a loader is to keep what it has loaded.
 *
 * @param options The options, and any others.
 * @returns These options.
 * @throws {OptionError} `INVALID_OPTION` if one has a value that it cannot have.
 */
export function checkKeepOptions(options: KeepOptions): KeepOptions {
  const { lockfile, frozen, readOnly, cacheDir, cacheBytesMax, consentDir } =
    options;
  const paths = { lockfile, cacheDir, consentDir };
  for (const [name, path] of Object.entries(paths)) {
    if (path === undefined || typeof path === "string" && path !== "") continue;
    throw invalidOption(name, path, "a path");
  }
  for (const [name, isOn] of Object.entries({ frozen, readOnly })) {
    if (isOn !== undefined && typeof isOn !== "boolean") {
      throw invalidOption(name, isOn, "true or false");
    }
    if (isOn && lockfile === undefined) {
      throw invalidOption(name, isOn, "used with a lockfile");
    }
  }
  if (cacheBytesMax !== undefined && !(cacheBytesMax > 0)) {
    throw invalidOption("cacheBytesMax", cacheBytesMax, "a number above 0");
  }
  return {
    ...cacheBytesMax !== undefined && { cacheBytesMax },
    ...lockfile !== undefined && { lockfile },
    ...frozen !== undefined && { frozen },
    ...readOnly !== undefined && { readOnly },
    ...cacheDir !== undefined && { cacheDir },
    ...consentDir !== undefined && { consentDir },
  };
}
