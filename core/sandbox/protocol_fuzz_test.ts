// Random and mutated frames: FRAMES=1000000 makes it a long run, `deno task test:fuzz`.

import { assert, assertEquals } from "@std/assert";
import { type Json, philox, randomKey } from "../base/mod.ts";
import { encodeFrame, FrameDecoder, ProtocolViolation } from "./frame.ts";
import type { GuestMessage } from "./messages.ts";
import { parseGuestMessage } from "./parse_message.ts";

const { state } = await Deno.permissions.query({
  name: "env",
  variable: "FRAMES",
});
const FRAMES = state === "granted"
  ? Number(Deno.env.get("FRAMES") ?? 20_000)
  : 20_000;
const MESSAGE_BYTES_MAX = 4096;

type Header = Record<string, Json>;

const PLUGIN: Header = {
  metadata: { id: "a", version: "1.0.0" },
  hasOnUnload: false,
  hasOnEvent: true,
  hasSaveState: false,
  hasRestoreState: false,
  hasHealthCheck: false,
  eventTypes: ["a"],
};

/** A message of each kind that a guest may send: a kind that is not here does not compile. */
const BY_KIND: { readonly [Kind in GuestMessage["kind"]]: Header } = {
  hello: {},
  ready: { plugins: [PLUGIN] },
  noPlugin: { found: "missing" },
  importFailed: { error: { name: "Error", message: "no" } },
  console: { level: "info", message: "hi" },
  register: { plugin: 0, slot: 1, point: "operators", data: {} },
  subscribe: { plugin: 0, slot: 1, type: "*", priority: 0 },
  own: { plugin: 0, slot: 1 },
  release: { plugin: 0, slot: 1 },
  publish: { plugin: 0, event: { kind: "EpochStart", epoch: 1 } },
  setConfig: { plugin: 0, key: "a", value: [1, "b", null] },
  unsetConfig: { plugin: 0, key: "a" },
  setShared: { plugin: 0, key: "a", value: 1 },
  unsetShared: { plugin: 0, key: "a" },
  provide: {
    plugin: 0,
    slot: 1,
    name: "a",
    version: null,
    replace: false,
    methods: ["b"],
    handle: 0,
  },
  useService: { plugin: 0, slot: 1, name: "a", version: null, use: "get" },
  callService: { plugin: 0, id: 1, slot: 1, method: null, args: [] },
  watchService: { plugin: 0, slot: 1, name: "a" },
  log: { plugin: 0, level: "warn", message: "a", fields: {} },
  done: { id: 1, value: { deep: [{ er: 1 }] } },
  failed: { id: 1, error: { name: "Error", message: "no" } },
};
const MESSAGES: readonly Header[] = Object.entries(BY_KIND).map(
  ([kind, message]) => ({ kind, ...message }),
);
/** Numbers that count nothing. */
const NO_INDEX: readonly Json[] = [-1, 0.5, 2 ** 31 + 1, 1e308, "0"];
/** Fields that take any plain data, or lists of it, so that another value there is no mistake. */
const ANYTHING = ["args", "data", "event", "value"];

/** Numbers from a seed, the same on every machine. */
class Dice {
  readonly #key = randomKey(20);
  readonly #words = new Uint32Array(4);
  #count = 0;

  below(count: number): number {
    philox(this.#key, [this.#count++, 0, 0, 0], this.#words);
    return this.#words[0]! % count;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

/** A message with one mistake that makes it none. */
function spoil(dice: Dice): Json {
  const message: Header = { ...dice.pick(MESSAGES) };
  const keys = Object.keys(message);
  const strict = keys.filter((key) => !ANYTHING.includes(key));
  const counted = strict.filter((key) =>
    key !== "priority" && typeof message[key] === "number"
  );
  switch (dice.below(6)) {
    case 0:
      delete message[dice.pick(keys)];
      return message;
    case 1:
      return { ...message, extra: dice.below(9) };
    case 2:
      return { ...message, kind: `${message.kind}x` };
    case 3: {
      // No field takes both what it has and a list in a list.
      const key = dice.pick(strict);
      return { ...message, [key]: [[message[key]!]] };
    }
    case 4:
      if (counted.length === 0) return null;
      return { ...message, [dice.pick(counted)]: dice.pick(NO_INDEX) };
    default:
      return [message];
  }
}

function feed(decoder: FrameDecoder, bytes: Uint8Array): number {
  let accepted = 0;
  for (const { header } of decoder.push(bytes)) {
    if (parseGuestMessage(header).kind !== "malformed") accepted++;
  }
  return accepted;
}

/** How many messages a host would act on; whatever else happens is a violation, and nothing else. */
function accept(bytes: Uint8Array): number | "violation" {
  const decoder = new FrameDecoder(MESSAGE_BYTES_MAX);
  try {
    return feed(decoder, bytes);
  } catch (error) {
    assert(error instanceof ProtocolViolation, String(error));
    return "violation";
  }
}

Deno.test("protocol: every kind of message is accepted, cut anywhere", () => {
  const dice = new Dice();
  for (const message of MESSAGES) {
    const frame = encodeFrame(message, dice.bytes(dice.below(9)));
    assertEquals(accept(frame), 1);
    const decoder = new FrameDecoder(MESSAGE_BYTES_MAX);
    const cut = dice.below(frame.length);
    const parts = [frame.subarray(0, cut), frame.subarray(cut)];
    const counts = parts.map((part) => feed(decoder, part));
    assertEquals(counts[0]! + counts[1]!, 1);
  }
});

Deno.test("protocol: a message with one mistake is never acted on", () => {
  const dice = new Dice();
  for (let count = 0; count < FRAMES; count++) {
    const message = spoil(dice);
    const got = accept(encodeFrame(message));
    assertEquals(got, 0, `accepted ${JSON.stringify(message)}`);
  }
});

Deno.test("protocol: random bytes and flipped bits end in a violation or in what was sent", () => {
  const dice = new Dice();
  for (let count = 0; count < FRAMES; count++) {
    const frame = encodeFrame(dice.pick(MESSAGES));
    if (dice.below(2) === 0) {
      accept(dice.bytes(dice.below(40)));
      continue;
    }
    frame[dice.below(frame.length)]! ^= 1 << dice.below(8);
    // What is acted on is a message: flips inside of texts and numbers make other ones.
    const got = accept(frame);
    assert(got === "violation" || got <= 1);
  }
});
