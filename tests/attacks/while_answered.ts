import { assertEquals } from "@std/assert";
import { deadline } from "@std/async/deadline";
import { delay } from "@std/async/delay";

/** How long it is until another plugin is asked again. */
const PING_MS = 20;

/** How long anything may take: what never ends fails instead. */
const TIME_MS_MAX = 60_000;

/** Does something, while another plugin answers all the time, and once more afterwards. */
export async function whileAnswered<T>(
  ping: () => Promise<string>,
  work: () => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  async function askOnAndOn(): Promise<void> {
    while (!over.signal.aborted) {
      assertEquals(await ping(), "pong");
      await delay(PING_MS, over).catch(() => {});
    }
  }
  const [worked, asked] = await Promise.allSettled([
    deadline(work(), TIME_MS_MAX).finally(() => over.abort()),
    askOnAndOn(),
  ]);
  if (worked.status === "rejected") throw worked.reason;
  if (asked.status === "rejected") throw asked.reason;
  assertEquals(await ping(), "pong");
  return worked.value;
}
