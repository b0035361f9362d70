// Not a test: serves plugins to a host without a process.

import type { Json } from "../../base/mod.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import type { GuestMessage, HostMessage } from "../messages.ts";
import type { GuestChannel } from "./channel.ts";
import type { Encoders, Finders } from "./encoder.ts";
import { serveGuest } from "./serve_guest.ts";

/** A host without a process: it keeps what the guest sends. */
export class FakeHost implements GuestChannel {
  readonly sent: { message: GuestMessage; bytes: Uint8Array | undefined }[] =
    [];
  #handle: Parameters<GuestChannel["onMessage"]>[0] = () => {};
  #arrived = Promise.withResolvers<void>();

  send(message: GuestMessage, bytes?: Uint8Array): void {
    this.sent.push({ message, bytes });
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers();
  }

  onMessage(handle: Parameters<GuestChannel["onMessage"]>[0]): void {
    this.#handle = handle;
  }

  /** The messages since `from`, without bytes. */
  messages(from = 0): GuestMessage[] {
    return this.sent.slice(from).map(({ message }) => message);
  }

  tell(
    message: HostMessage,
    bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0),
  ): void {
    this.#handle(message, bytes);
  }

  /** Tells something and waits for the message that ends it; returns all that came. */
  async ask(
    message: HostMessage,
    bytes?: Uint8Array<ArrayBuffer>,
  ): Promise<GuestMessage[]> {
    const from = this.sent.length;
    this.tell(message, bytes);
    const ends = ["ready", "noPlugin", "importFailed", "done", "failed"];
    while (!this.messages(from).some(({ kind }) => ends.includes(kind))) {
      await this.#arrived.promise;
    }
    return this.messages(from);
  }
}

/** The plugins that a module's source asks for by number: real functions, not text. */
const SHELF = new Map<string, unknown>();

/** Serves a plugin and runs its `onLoad`; returns the host and what that sent. */
export async function loaded(
  plugin: Omit<Plugin, "metadata">,
  options: {
    encoders?: Encoders;
    finders?: Finders;
    config?: [string, Json][];
  } = {},
): Promise<{ host: FakeHost; sent: GuestMessage[] }> {
  const metadata = { id: "acme.a", version: "1.2.0" };
  const host = await imported({ ...plugin, metadata }, options);
  const { config = [] } = options;
  const sent = await host.ask({
    kind: "hook",
    id: 1,
    plugin: 0,
    hook: "onLoad",
    config,
    handover: null,
  });
  return { host, sent };
}

export async function imported(
  exported: unknown,
  options: { encoders?: Encoders; finders?: Finders } = {},
): Promise<FakeHost> {
  const host = new FakeHost();
  serveGuest(host, options);
  await host.ask({ kind: "import", url: shelve(exported) });
  return host;
}

/** A module whose default export is `exported`. */
function shelve(exported: unknown): string {
  const key = `plugin${SHELF.size}`;
  SHELF.set(key, exported);
  Reflect.set(globalThis, "guestTestShelf", SHELF);
  const source = `export default guestTestShelf.get("${key}")`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
