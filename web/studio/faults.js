// Faults of requests. A fault meets the next request of one person. The emulator makes those that have a rule: the page adds its header
// x-emulator-fault (docs/emulator.md#faults). The page itself loses requests and answers, because browsers send a POST again whose connection breaks.

import { callOf } from "./operation_call.js";

const writes = ["sendMessage", "updateMessage", "deleteMessage", "addParticipants", "createThread"];

/** Its event "change" follows every change of the planted faults, and every request that one of them has met. */
export class FaultList extends EventTarget {
  planted = []; // { title, person, operation, loses: "request" or "answer", or rule }
  #offline = new Set(); // people

  /** Plants a fault for the next request of a person. operation undefined means any write. */
  plant(fault) {
    this.planted = [...this.planted, fault];
    this.#changed();
  }

  remove(fault) {
    this.planted = this.planted.filter((planted) => planted !== fault);
    this.#changed();
  }

  isOffline = (person) => this.#offline.has(person);

  setOffline(person, isOffline) {
    if (isOffline) this.#offline.add(person);
    else this.#offline.delete(person);
    this.#changed();
  }

  /** Sends a request of a person, with the fault that it meets. */
  async send(person, url, init, send) {
    const { loses, rule } = this.#take(person, url, init) ?? {};
    if (loses === "request" || this.isOffline(person)) throw new TypeError("Failed to fetch: the studio has lost the request");
    const headers = rule ? { ...init.headers, "x-emulator-fault": JSON.stringify(rule) } : init.headers;
    const response = await send(url, { ...init, headers });
    if (loses === "answer" || this.isOffline(person)) throw new TypeError("Failed to fetch: the studio has lost the answer");
    return response;
  }

  /** Removes the fault that a request meets, and returns it. */
  #take(person, url, { method }) {
    const operation = callOf({ method, url })?.operation;
    const fault = writes.includes(operation) && this.planted.find((planted) => planted.person === person && (planted.operation ?? operation) === operation);
    if (fault) this.remove(fault);
    return fault;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
