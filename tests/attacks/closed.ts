// Whether what a plugin tried was closed to it.

/** What the platform and the guest say of what is closed. An attempt that fails otherwise is no attempt. */
const CLOSED = new RegExp(
  [
    "Requires [a-z]+ access",
    "requires unscoped --allow-[a-z]+",
    "getaddrinfo EPERM",
    "queryA UNKNOWN",
    "not part of the plugin's module graph",
    "but --no-(npm|remote) is specified",
    "too many attached databases - max 0",
    "/dev/null/location_data",
    "NotADirectory",
    "not authorized",
    "failed to open preopen",
    "none$",
    "not there$",
  ].map((reason) => `^closed: .*${reason}`).join("|"),
  "s",
);

/** Finds the attempts among what a plugin said that something came of. */
export function openAmong(lines: readonly string[]): string[] {
  return lines.filter((line) => !CLOSED.test(line));
}
