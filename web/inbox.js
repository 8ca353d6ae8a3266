// The inbox as pages see it: the list of the user's threads. What it shows is decided in the program (package chatstate).
// wasm/inbox.go is the other side.

import { freeze } from "./error.js";
import { State, changed, withError } from "./state.js";

const emptyInbox = freeze({ status: "loading", error: undefined, threads: freeze([]), durability: "memory" });

/** Returns the state of an inbox that has just been opened. */
export const newInboxState = () => new State(emptyInbox, inboxFields, true);

function inboxFields({ changes, ...fields }, { threads }, errors) {
  return { ...fields, threads: changed(threads, changes, errors, threadOf) };
}

function threadOf({ id, topic, lastMessage, ...rest }, error) {
  return freeze({ id, topic, lastMessage: lastMessage && withError(lastMessage, error), ...rest });
}

/** Returns a page's handle of an inbox. start starts markRead, and close closes the inbox in the program. */
export function newInboxHandle(state, id, { start, close }) {
  const handle = state.newHandle(close);
  const { subscribe, getSnapshot, close: end } = handle.members;
  return {
    subscribe,
    getSnapshot,
    markRead: (threadID) => start(handle.isOpen ? id : 0, typeof threadID === "string" ? threadID : ""), // inbox 0 does not exist
    close: end,
  };
}
