/**
 * What runs first inside a sandbox: it serves the host, and turns what a plugin registers into data.
 *
 * @module
 */
import { unavailableInSandbox } from "../../core/sandbox/errors.ts";
import { type GuestChannel, serveGuest } from "../../core/sandbox/guest/mod.ts";
import { encodeModule } from "./encode_module.ts";
import { encodeOperator } from "./encode_operator.ts";
import { hostOperator } from "./host_operators.ts";

/**
 * Serves the host.
 *
 * @param channel The guest's end of the pipe.
 */
export function main(channel: GuestChannel): void {
  serveGuest(channel, {
    encoders: {
      operators: encodeOperator,
      modules: encodeModule,
      backends: refuseBackend,
    },
    finders: { operators: hostOperator },
  });
}

/** Tells why no sandbox has a backend. */
function refuseBackend(): never {
  throw unavailableInSandbox(
    "backends.register",
    "a backend holds the arrays of the host and has to answer at once",
  );
}
