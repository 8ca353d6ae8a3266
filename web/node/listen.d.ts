// Types and reference of acschat/emulator/node: the emulator as an HTTP server, for tests and prototypes. It needs no other process.

import type { Emulator, EmulatorOptions } from "../emulator.js";

/**
 * Starts an emulator in this process and serves it over HTTP, on localhost only.
 *
 * It rejects with a `TypeError` for bad options, and with an `Error` if the port is in use or the file of `persist` cannot be used.
 *
 * ```js
 * const emulator = await listen({ users: ["jane", "alex"] });
 * const { endpoint, users } = emulator; // for the page or program under test
 * await emulator.close();
 * ```
 */
export function listen(options?: ListenOptions): Promise<ListeningEmulator>;

export interface ListenOptions extends Omit<EmulatorOptions, "shared" | "persist" | "worker" | "workerURL"> {
  /** Default 0: a free port. */
  port?: number;
  /**
   * Keeps the state in this file, which is created if it does not exist. Then each change is in the file before it is answered. Only one emulator can
   * use a file at a time. Users keep their names. Faults and the clock are not kept.
   */
  persist?: string;
}

/** The server keeps the process alive until you close it. `onRequest` is called for requests of `fetch` only. */
export interface ListeningEmulator extends Omit<Emulator, "close"> {
  /** http, at localhost and the port. Any client on this machine reaches it, also pages, and `fetch` reaches it without the network. */
  readonly endpoint: string;
  /** Ends the server and the emulator. Requests in flight have a second to finish. */
  close(): Promise<void>;
}
