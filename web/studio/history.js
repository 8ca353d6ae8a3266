// The calls that were made before in this browser. It keeps no tokens and no keys.

import { isSecret } from "./link.js";

const key = "acschat studio: calls";
const capacity = 20;

export class CallHistory {
  /** Returns the calls, the newest first: { operation, arguments }. */
  list() {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? [];
    } catch {
      return []; // the browser keeps nothing, or somebody else wrote it
    }
  }

  /** Adds a call. The same call is kept once. */
  add(call) {
    const text = JSON.stringify(call);
    if (isSecret(text)) return;
    const others = this.list().filter((each) => JSON.stringify(each) !== text);
    try {
      localStorage.setItem(key, JSON.stringify([call, ...others].slice(0, capacity)));
    } catch {} // there is no room, or the browser does not allow it
  }
}
