// Posts an emulator's events to a webhook, as Azure Event Grid does with its own schema. docs/emulator.md#events has the rules.

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const maxWaiting = 10_000; // events that are not delivered yet
const maxInFlight = 16; // requests at the same time
const maxAttempts = 5;
const maxRetryMs = 8000;
const answerMs = 30_000; // documented for the validation and for events
const notRetried = [400, 401, 403, 413];

/** Returns the URL of a webhook. The error does not contain it, because it may have a secret. */
export function checkedURL(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new Error("the URL of the webhook must be an absolute http or https URL, such as http://localhost:8090/events");
}

export class Webhook {
  #url; #log; #waiting = 0; #isDropping = false; #validated; #stopped = new AbortController();
  #inFlight = 0; #queue = []; // the resolve functions of requests that wait for others

  /** Starts the validation handshake. log gets the failures. Of the URL it gets the host only. */
  constructor(url, log) {
    this.#url = url;
    this.#log = (text) => log(`events: ${text}`);
    this.#validated = this.#validate();
    this.#validated.catch(() => {}); // stopped
  }

  /** Delivers an event in the background. */
  deliver(event) {
    if (this.#stopped.signal.aborted) return;
    if (this.#waiting === maxWaiting) {
      if (!this.#isDropping) this.#log(`${maxWaiting} events wait for ${this.#url.host}, so more are dropped`);
      this.#isDropping = true;
      return;
    }
    this.#isDropping = false;
    this.#waiting++;
    this.#deliver(event).catch(() => {}).finally(() => this.#waiting--); // it rejects if the webhook is stopped
  }

  /** Drops the events that are not delivered yet. */
  stop() {
    this.#stopped.abort();
    for (const resolve of this.#queue.splice(0)) resolve();
  }

  async #validate() {
    for (let waitMs = 1000; ; waitMs = Math.min(2 * waitMs, maxRetryMs)) {
      const problem = await this.#handshake().catch((error) => error.message);
      if (problem === undefined) return this.#log(`${this.#url.host} has answered the validation request`);
      this.#stopped.signal.throwIfAborted();
      this.#log(`${this.#url.host} has not answered the validation request: ${problem}; trying again`);
      await this.#sleep(waitMs);
    }
  }

  async #handshake() {
    const validationCode = randomUUID();
    const { status, text } = await this.#post("SubscriptionValidation", 0, {
      id: randomUUID(),
      topic: "/subscriptions/00000000-0000-0000-0000-000000000000",
      subject: "",
      data: { validationCode },
      eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
      dataVersion: "1",
      metadataVersion: "1",
      eventTime: new Date().toISOString(),
    });
    if (status !== 200) return `its status is ${status}, but must be 200`;
    return responseOf(text) === validationCode ? undefined : 'its body must be {"validationResponse":"…"} with the validationCode of the request';
  }

  async #deliver(event) {
    await this.#validated;
    for (let attempt = 0, waitMs = 1000; ; attempt++, waitMs *= 2) {
      const { status, problem } = await this.#post("Notification", attempt, event).catch((error) => ({ problem: error.message }));
      if (status >= 200 && status <= 204) return;
      this.#stopped.signal.throwIfAborted();
      if (notRetried.includes(status) || attempt + 1 === maxAttempts) {
        return this.#log(`${this.#url.host} has not accepted event ${event.id}: ${problem ?? `its status is ${status}`}; the event is dropped`);
      }
      await this.#sleep(waitMs);
    }
  }

  async #post(kind, attempts, event) {
    if (this.#inFlight >= maxInFlight) await new Promise((resolve) => this.#queue.push(resolve));
    this.#inFlight++;
    try {
      this.#stopped.signal.throwIfAborted();
      const response = await fetch(this.#url, {
        method: "POST",
        redirect: "manual", // a redirect is a failure, as with Event Grid
        headers: {
          "Content-Type": "application/json; charset=utf-8",
          "aeg-event-type": kind,
          "aeg-subscription-name": "EMULATOR",
          "aeg-delivery-count": `${attempts}`,
          "aeg-data-version": event.dataVersion,
          "aeg-metadata-version": event.metadataVersion,
        },
        body: JSON.stringify([event]),
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(answerMs)]),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      throw new Error(error.cause?.message || error.message); // fetch has the reason in cause
    } finally {
      this.#inFlight--;
      this.#queue.shift()?.();
    }
  }

  #sleep = (ms) => sleep(ms, undefined, { signal: this.#stopped.signal });
}

function responseOf(text) {
  try {
    return JSON.parse(text).validationResponse;
  } catch {
    return undefined;
  }
}
