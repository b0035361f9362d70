// Whatever plain JavaScript passes to what ./runtime, ./dashboard, ./telemetry and ./testing export, and to
// a registry of backends: it is taken, or refused with a code.

import { assertEquals } from "@std/assert";
import * as dashboard from "../runtime/dashboard/mod.ts";
import { BackendRegistry } from "../kernels/mod.ts";
import * as runtime from "../runtime/mod.ts";
import * as telemetry from "../runtime/telemetry/mod.ts";
import * as testing from "../testing/mod.ts";
import { methodsOf, PAIRS, problemsOf, targetsOf } from "./hostile_calls.ts";

/** What writes files, ends what is shared, or fails by invariants as it should. */
const NOT_CALLED: readonly string[] = [
  "initPluginSystem",
  "resetPluginSystem",
  "saveGraph",
  "saveSafetensors",
  "verifyProgram",
];

/** What a module exports, without what is not called. */
function called(module: object): object {
  return Object.fromEntries(
    Object.entries(module).filter(([name]) => !NOT_CALLED.includes(name)),
  );
}

Deno.test("whatever is passed to the runtime and to helpers of tests is taken, or refused with a code", async () => {
  const { of, getSequencer, unregister } = runtime.ZSpacePluginRegistry;
  const targets = [
    ...targetsOf("", called(runtime)),
    ...targetsOf("ZSpacePluginRegistry.", { of, getSequencer, unregister }),
    ...targetsOf("dashboard.", dashboard),
    ...targetsOf("telemetry.", telemetry),
    ...targetsOf("testing.", called(testing)),
    ...targetsOf("", { BackendRegistry }),
    ...methodsOf("BackendRegistry", BackendRegistry.prototype, {
      make: () => new BackendRegistry(),
      except: ["constructor"],
    }),
  ];
  const problems = await problemsOf(targets, PAIRS);
  // What assertions are for.
  const others = problems.filter((each) => !each.includes(": AssertionError:"));
  assertEquals(others, []);
});
