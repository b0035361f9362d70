import type { SandboxParts } from "../core/mod.ts";
import type { OperatorRegistry } from "../ops/mod.ts";
import { decodeModule } from "./contributions/decode_module.ts";
import { decodeOperator } from "./contributions/decode_operator.ts";
import { makeGuestSdk } from "./guest_sdk.ts";

/**
 * Brings what sandboxes need: the library as they get it, and what reads their contributions.
 *
 * @param operators Where the operators that contributions call are found.
 * @returns Both.
 */
export async function makeSandboxParts(
  operators: OperatorRegistry,
): Promise<SandboxParts> {
  return {
    sdk: await makeGuestSdk(),
    decoders: {
      operators: (data, bytes, remote) =>
        decodeOperator(data, { remote, operators, bytes }),
      modules: (data, _, remote) => decodeModule(data, { remote, operators }),
    },
  };
}
