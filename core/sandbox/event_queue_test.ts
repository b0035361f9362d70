import { assertEquals, assertRejects } from "@std/assert";
import { settle } from "../events/manual_clock_test.ts";
import { EventQueue } from "./event_queue.ts";

/** A queue whose deliveries are answered by hand, in order. */
function byHand() {
  const sent: [number, number][] = [];
  const open: PromiseWithResolvers<void>[] = [];
  const queue = new EventQueue<number>({
    send(delivery, dropped) {
      sent.push([delivery, dropped]);
      const answer = Promise.withResolvers<void>();
      open.push(answer);
      return answer.promise;
    },
  });
  return { queue, sent, open };
}

Deno.test("EventQueue sends 64 at once, the others in order as answers arrive", async () => {
  const { queue, sent, open } = byHand();
  const done: number[] = [];
  for (let n = 0; n < 66; n++) {
    queue.add(n).then(() => void done.push(n));
  }
  assertEquals(sent.length, 64);
  open[0]!.resolve();
  await settle();
  assertEquals([sent.length, sent[64]], [65, [64, 0]]);
  for (let n = 1; n < 65; n++) open[n]!.resolve();
  await settle();
  open[65]!.resolve();
  await settle();
  assertEquals(done.length, 66);
});

Deno.test("EventQueue drops the oldest of more than 1024, and says how many", async () => {
  const { queue, sent, open } = byHand();
  const done: number[] = [];
  for (let n = 0; n < 64 + 1024 + 3; n++) {
    queue.add(n).then(() => void done.push(n));
  }
  await settle();
  assertEquals(done, [64, 65, 66]); // dropped: nobody waits for them for ever
  open[0]!.resolve();
  open[1]!.resolve();
  await settle();
  assertEquals(sent.slice(64), [[67, 3], [68, 0]]);
});

Deno.test("EventQueue goes on after a delivery that fails", async () => {
  const { queue, sent, open } = byHand();
  const first = queue.add(0);
  for (let n = 1; n < 65; n++) queue.add(n);
  open[0]!.reject(new TypeError("no"));
  await assertRejects(() => first, TypeError);
  await settle();
  assertEquals(sent.length, 65);
});
