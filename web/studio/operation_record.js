// What holds for calls that somebody makes on purpose.

import { confirmed } from "./dialog.js";
import { observe } from "./observe.js";

/** Returns options with which a call comes into the log as one that was asked for, and not as a poll. */
export function recordRun(studio, person) {
  const { fetch, onExchange } = observe(studio, person);
  return { fetch, onExchange: (exchange) => onExchange({ ...exchange, isRun: true }) };
}

/** Asks before an operation destroys something on a real resource. Resolves with whether it may be run. */
export async function mayRun(studio, { name, destroys }) {
  return !destroys || studio.service.kind !== "live" || confirmed(`Run ${name}?`, `This is a real resource. ${name} removes ${destroys}. Nobody can undo that.`, "Run");
}
