import type { GuestMessage, HostMessage } from "../messages.ts";

/** The guest's end of the pipe, as the bootstrap hands it to the main module. */
export interface GuestChannel {
  /**
   * Sends a message. It is on its way when this returns, so messages keep their order.
   *
   * @param message What it says.
   * @param bytes The bytes that go with it.
   */
  send(message: GuestMessage, bytes?: Uint8Array): void;
  /**
   * Sets what is called with each message of the host. To be called once, before anything is
   * awaited.
   *
   * @param handle What to call.
   */
  onMessage(
    handle: (message: HostMessage, bytes: Uint8Array<ArrayBuffer>) => void,
  ): void;
}
