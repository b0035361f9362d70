import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { LaunchTimer } from "./launch_timer.ts";

const adapter = await navigator.gpu?.requestAdapter();
const ignore = !adapter?.features.has("timestamp-query");
const absence = ignore ? " (skipped: no clock on a device here)" : "";

Deno.test(`LaunchTimer() takes more sets where one is full${absence}`, {
  ignore,
}, async () => {
  const own = (await navigator.gpu.requestAdapter())!;
  const device = await own.requestDevice({
    requiredFeatures: ["timestamp-query"],
  });
  {
    using timer = new LaunchTimer(device, 2050);
    const places = [0, 2047, 2048, 2049].map((launch) =>
      timer.describe(launch).timestampWrites!
    );
    assertEquals(
      places.map((
        { beginningOfPassWriteIndex: begin, endOfPassWriteIndex },
      ) => [begin, endOfPassWriteIndex]),
      [[0, 1], [4094, 4095], [0, 1], [2, 3]],
    );
    assert(places[0]!.querySet === places[1]!.querySet);
    assertNotEquals(places[1]!.querySet, places[2]!.querySet);
    assertEquals(places[2]!.querySet.count, 4);
    assertEquals(timer.array.bytes, 2050 * 16);
    const encoder = device.createCommandEncoder();
    device.pushErrorScope("validation");
    timer.resolve(encoder);
    encoder.finish();
    assertEquals(await device.popErrorScope(), null);
  }
  {
    using timer = new LaunchTimer(device, 2);
    const times = BigUint64Array.of(5n, 1_000_005n, 2_000_000n, 1_500_000n);
    assertEquals(timer.durations(times.buffer), [1, 0]);
  }
  device.destroy();
});
