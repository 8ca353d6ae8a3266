// The side of the emulator that runs the program: in a worker, or beside the page's own code. It takes the messages of emulator_connection.js, from
// one page or, in a shared worker, from several.

import { Error, Map, Promise } from "./error.js";
import { openRecords } from "./emulator_records.js";
import { startProgram } from "./emulator_program.js";

/** An emulator, and the ports of the pages that use it. */
export class Host {
  #opening; // the promise of { program, records }
  #program; #records;
  #ports = new Map(); // of each port, the functions that abort its requests, by ID

  /** Takes the messages of a page. The first is open. */
  connect(port) {
    this.#ports.set(port, new Map());
    port.onmessage = ({ data }) => this.#receive(port, data);
  }

  #receive(port, message) {
    const { kind, id } = message;
    if (kind === "fetch") this.#serve(port, message);
    else if (kind === "abort") this.#ports.get(port).get(id)?.();
    else if (kind === "close") this.disconnect(port);
    else this.#settle(port, id, kind === "open" ? this.#open(message.settings) : this.#control(message.name, message.argument));
  }

  async #settle(port, id, promise) {
    try {
      port.postMessage({ kind: "result", id, value: await promise });
    } catch (error) {
      port.postMessage({ kind: "failure", id, error });
    }
  }

  /** Starts the program for the first page, and returns the users that the page has named. */
  async #open({ source, persist, state, storage, users, options }) {
    const opening = (this.#opening ??= this.#start(source, persist, state, storage, options));
    try {
      const { program, records } = await opening;
      if (this.#opening !== opening) throw new Error("createEmulator: the emulator was closed while it started");
      this.#program = program;
      this.#records = records;
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
    const created = await Promise.all(users.map((name) => this.#program.control("createUser", name)));
    return Object.fromEntries(users.map((name, i) => [name, created[i]]));
  }

  async #start(source, persist, state, storage, options) {
    const records = await openRecords(persist, state, storage);
    try {
      const program = await startProgram(source, records);
      program.onEvent = (event) => this.#ports.forEach((_, port) => port.postMessage({ kind: "event", event }));
      await program.control("open", { ...options, records: records.all() });
      return { program, records };
    } catch (error) {
      records.close();
      throw error;
    }
  }

  async #control(name, argument) {
    const result = await this.#program.control(name, argument);
    return name === "exportState" ? this.#records.exportState() : result;
  }

  #serve(port, { id, head, body }) {
    const aborts = this.#ports.get(port);
    let isOver = false; // perhaps before serve returns
    const end = () => {
      isOver = true;
      aborts.delete(id);
    };
    const abort = this.#program.serve(head, body, {
      answer: (status, headers, body, isLast) => {
        if (isLast) end();
        port.postMessage({ kind: "answer", id, status, headers, body, isLast }, [body.buffer]);
      },
      broken: (isReset) => {
        end();
        port.postMessage({ kind: "broken", id, isReset });
      },
    });
    if (isOver) return;
    aborts.set(id, () => {
      end();
      abort();
    });
  }

  /** Forgets a page, and ends the emulator if it was the last one. */
  disconnect(port) {
    const aborts = this.#ports.get(port);
    if (aborts === undefined) return;
    for (const abort of aborts.values()) abort();
    this.#ports.delete(port);
    port.onmessage = null;
    if (this.#ports.size > 0) return;
    const end = ({ program, records }) => {
      program.end();
      records.close();
    };
    this.#opening?.then(end, () => {}); // perhaps it is still starting
    this.#opening = this.#program = this.#records = undefined;
  }
}

const shared = new Map(); // the emulators of a shared worker, by name

/**
 * Takes the messages of a worker's pages. Of a shared worker, the first message says the name of the emulator, and of a Web Lock that the page holds:
 * the worker gets it when the page has ended.
 */
export function startWorker(scope) {
  if (!("onconnect" in scope)) {
    new Host().connect(scope);
    scope.postMessage({ kind: "ready" });
    return;
  }
  scope.onconnect = ({ ports: [port] }) => {
    port.onmessage = ({ data: { name, lock } }) => {
      if (!shared.has(name)) shared.set(name, new Host());
      const host = shared.get(name);
      host.connect(port);
      if (lock !== undefined) scope.navigator.locks?.request(lock, () => host.disconnect(port));
    };
    port.postMessage({ kind: "ready" });
  };
}
