import { assertEquals } from "@std/assert";
import { startHeartbeat } from "./heartbeat.ts";
import type { Reply, Request } from "./session.ts";

/** A session that notes what it is asked, and a clock that a test turns. */
function createScene() {
  const timers: (() => void)[] = [];
  const asked: Request[] = [];
  const answers: PromiseWithResolvers<Reply>[] = [];
  const session = {
    isIdle: true,
    isOver: false,
    ask(request: Request) {
      asked.push(request);
      const answer = Promise.withResolvers<Reply>();
      answers.push(answer);
      return answer.promise;
    },
  };
  const clock = {
    nowMs: () => 0,
    after(_delayMs: number, callback: () => void) {
      timers.push(callback);
      return {
        [Symbol.dispose]() {
          const at = timers.indexOf(callback);
          if (at !== -1) timers.splice(at, 1);
        },
      };
    },
  };
  const heartbeat = startHeartbeat({
    session,
    clock,
    heartbeatMs: 2000,
    url: "https://plugins.test/mod.js",
  });
  return { timers, asked, answers, session, heartbeat };
}

/** Lets promises settle. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await null;
}

const REPLY: Reply = { value: null, bytes: new Uint8Array(0) };

Deno.test("startHeartbeat() asks an idle guest, again after each answer", async () => {
  const { timers, asked, answers } = createScene();
  for (let beat = 1; beat <= 3; beat++) {
    assertEquals(timers.length, 1);
    timers.shift()!();
    assertEquals(asked.length, beat);
    assertEquals(asked.at(-1)!.message(beat), { kind: "ping", id: beat });
    assertEquals(asked.at(-1)!.timeoutReason, "heartbeat");
    // Nothing is planned while an answer is awaited.
    assertEquals(timers.length, 0);
    answers.at(-1)!.resolve(REPLY);
    await settle();
  }
});

Deno.test("startHeartbeat() leaves a guest alone that is asked for something", async () => {
  const { timers, asked, session } = createScene();
  session.isIdle = false;
  timers.shift()!();
  await settle();
  assertEquals([asked.length, timers.length], [0, 1]);
});

Deno.test("startHeartbeat() ends with the guest, and when it is disposed", async () => {
  const dead = createScene();
  dead.timers.shift()!();
  dead.session.isOver = true;
  dead.answers[0]!.reject(new Error("ended"));
  await settle();
  assertEquals(dead.timers.length, 0);
  const { heartbeat, timers } = createScene();
  heartbeat[Symbol.dispose]();
  assertEquals(timers.length, 0);
});
