/** Why something cannot be used. */
export interface AccessProblem {
  /** What was found. */
  readonly found: string;
  /** What was wanted, where there is more to say than what was found. */
  readonly wanted?: string;
}

/** The flag that Deno asks for. */
const FLAG = /--allow-[a-z]+/;

/**
 * Tells why a file or an address cannot be used, rather than in the system's words as found and wanted.
 *
 * @example A file that is not there
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { accessProblem } from "@spiraltorch/spiraltorch/base";
 *
 * const error = await Deno.readFile("no/such/file").catch((error) => error);
 * assertEquals(accessProblem(error), {
 *   found: "no such file or folder",
 *   wanted: "one that is there",
 * });
 * ```
 *
 * @param cause What was thrown.
 * @returns The problem; what the system said, where that is all there is to say.
 */
export function accessProblem(cause: unknown): AccessProblem {
  if (!(cause instanceof Error)) return { found: String(cause) };
  const { name, message } = cause;
  const [flag] = FLAG.exec(message) ?? [];
  switch (name) {
    case "NotFound":
      return { found: "no such file or folder", wanted: "one that is there" };
    case "IsADirectory":
      return { found: "a folder", wanted: "a file" };
    case "PermissionDenied":
      return {
        found: "that the system protects it",
        wanted: "rights of its user",
      };
    case "NotCapable":
      return flag === undefined
        ? { found: message }
        : { found: "no permission for it", wanted: flag };
    default:
      return { found: message };
  }
}

/**
 * Puts a problem into words.
 *
 * @param problem The problem.
 * @returns `found no such file or folder, wanted one that is there`.
 */
export function accessText({ found, wanted }: AccessProblem): string {
  return wanted === undefined
    ? `found ${found}`
    : `found ${found}, wanted ${wanted}`;
}
