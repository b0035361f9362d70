import { assertEquals } from "@std/assert";
import { HookTrail, type RunningHook } from "./hook_trail.ts";

const LOADER = {};

function hook(id: string): RunningHook {
  return { id, phase: "onLoad", state: () => "loading" };
}

/** Ids of the hook that is found here, now and after a turn. */
async function foundIn(trail: HookTrail, owner: object = LOADER) {
  const now = trail.hookInWorkOf(owner)?.id;
  await new Promise((resolve) => setTimeout(resolve, 0));
  return [now, trail.hookInWorkOf(owner)?.id];
}

Deno.test("HookTrail finds the hook that work waits for, across awaits", async () => {
  const trail = new HookTrail();
  const found = await trail.doWork(LOADER, async () => {
    const before = await foundIn(trail);
    const inside = await trail.runHook(hook("a"), () => foundIn(trail));
    return [before, inside, await foundIn(trail)];
  });
  const none = [undefined, undefined];
  assertEquals(found, [none, ["a", "a"], none]);
  assertEquals(await foundIn(trail), none);
});

Deno.test("HookTrail finds no hook that nobody's work waits for", async () => {
  const trail = new HookTrail();
  const alone = await trail.runHook(hook("a"), () => foundIn(trail));
  const other = await trail.doWork(
    {},
    () => trail.runHook(hook("a"), () => foundIn(trail)),
  );
  // The hook is around the work, and not inside of it.
  const around = await trail.doWork(
    {},
    () =>
      trail.runHook(
        hook("a"),
        () => trail.doWork(LOADER, () => foundIn(trail)),
      ),
  );
  const none = [undefined, undefined];
  assertEquals([alone, other, around], [none, none, none]);
});

Deno.test("HookTrail finds a hook inside of work inside of other work", async () => {
  const trail = new HookTrail();
  const found = await trail.doWork(
    LOADER,
    () =>
      trail.runHook(
        hook("a"),
        () =>
          trail.doWork(
            {},
            () => trail.runHook(hook("b"), () => foundIn(trail)),
          ),
      ),
  );
  assertEquals(found, ["b", "b"]);
});

Deno.test("HookTrail.leave() does what no hook waits for", async () => {
  const trail = new HookTrail();
  assertEquals(trail.leave(() => 7), 7);
  const found = await trail.doWork(
    LOADER,
    () => trail.runHook(hook("a"), () => trail.leave(() => foundIn(trail))),
  );
  assertEquals(found, [undefined, undefined]);
});

Deno.test("HookTrail forgets a hook that is over, whatever it has begun", async () => {
  const trail = new HookTrail();
  const begun = Promise.withResolvers<void>();
  const late: unknown[] = [];
  let later: Promise<void> | undefined;
  await trail.doWork(LOADER, async () => {
    await trail.runHook(hook("a"), () => {
      later = begun.promise.then(() =>
        void late.push(trail.hookInWorkOf(LOADER))
      );
    });
    begun.resolve();
    await later;
  });
  assertEquals(late, [undefined]);
});

Deno.test("HookTrail hands on what hooks and work give and throw", async () => {
  const trail = new HookTrail();
  const fail = () => {
    throw new RangeError("no");
  };
  const outcomes = await Promise.allSettled([
    trail.runHook(hook("a"), () => 1),
    trail.runHook(hook("a"), fail),
    trail.doWork(LOADER, () => trail.runHook(hook("a"), () => 2)),
    trail.doWork(LOADER, () => trail.runHook(hook("a"), fail)),
  ]);
  assertEquals(
    outcomes.map((one) =>
      one.status === "fulfilled" ? one.value : one.reason.message
    ),
    [1, "no", 2, "no"],
  );
});
