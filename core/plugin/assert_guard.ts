import { serviceTypeMismatch } from "./errors.ts";

/**
 * Requires that a service is what its user expects.
 *
 * @param name What it was asked for by.
 * @param service The service.
 * @param guard Tells whether it is; anything will do if left out.
 * @throws {PluginError} `SERVICE_TYPE_MISMATCH` if the guard refuses it or throws.
 */
export function assertGuard(
  name: string,
  service: object,
  guard: ((service: object) => boolean) | undefined,
): void {
  let isAccepted = true;
  try {
    if (guard !== undefined) isAccepted = guard(service);
  } catch (cause) {
    throw serviceTypeMismatch(name, { cause });
  }
  if (!isAccepted) throw serviceTypeMismatch(name);
}
