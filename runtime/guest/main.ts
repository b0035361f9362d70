/**
 * What runs first inside a sandbox: it serves the host, and turns what a plugin registers into data.
 *
 * @module
 */
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
    encoders: { operators: encodeOperator, modules: encodeModule },
    finders: { operators: hostOperator },
  });
}
