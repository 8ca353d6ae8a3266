// What conversations and the inbox have in common: an immutable snapshot, made of the changes that the program reports, and the functions
// of the page that are called after changes.

import { Set, assign, freeze, keys, queueMicrotask } from "./error.js";

/** A conversation or an inbox of the program: its snapshot, and who is told of changes. */
export class State {
  snapshot;
  handles = 0; // how many have been opened and not closed
  store; // where a durable one stores its records
  isOfUser; // the records are of all threads of the user
  #convert;
  #subscriptions = new Set(); // objects with the function notify
  #isNotifyQueued = false;

  /** convert makes the fields of a snapshot of what the program has reported. */
  constructor(snapshot, convert, isOfUser = false) {
    this.snapshot = snapshot;
    this.#convert = convert;
    this.isOfUser = isOfUser;
  }

  /** Takes a change that the program has reported. errors are the errors that it mentions, in their order. */
  apply({ hasError, ...reported }, errors) {
    const fields = this.#convert(reported, this.snapshot, errors);
    if (fields.status !== undefined) fields.error = hasError ? errors.shift() : undefined;
    if (keys(fields).every((name) => fields[name] === this.snapshot[name])) return;
    this.snapshot = freeze({ ...this.snapshot, ...fields });
    if (this.#isNotifyQueued) return;
    this.#isNotifyQueued = true;
    queueMicrotask(() => this.#notify());
  }

  #notify() {
    this.#isNotifyQueued = false;
    for (const { notify } of [...this.#subscriptions]) {
      try {
        notify();
      } catch (error) {
        queueMicrotask(() => { throw error; }); // reported as uncaught
      }
    }
  }

  /** Returns a handle: whether it is open, and the members that a page sees. close closes the state after its last handle. */
  newHandle(close) {
    const subscriptions = new Set();
    const remove = (subscription) => this.#subscriptions.delete(subscription) && subscriptions.delete(subscription);
    const subscribe = (notify) => {
      const subscription = { notify: () => notify() };
      this.#subscriptions.add(subscription);
      subscriptions.add(subscription);
      return () => void remove(subscription);
    };
    const end = () => {
      if (!handle.isOpen) return;
      [...subscriptions].forEach(remove);
      if (--this.handles === 0) close();
      handle.isOpen = false;
    };
    const handle = { isOpen: true, members: { subscribe, getSnapshot: () => this.snapshot, close: end } };
    this.handles++;
    return handle;
  }
}

/** Returns a list after changes: [index, how many are removed, the item that is inserted, whether it has an error]. */
export function changed(list, changes, errors, finish) {
  if (changes.length === 0) return list;
  const items = [...list];
  for (const [index, removed, item, hasError] of changes) {
    if (item === undefined) items.splice(index, removed);
    else items.splice(index, removed, finish(item, hasError ? errors.shift() : undefined));
  }
  return freeze(items);
}

/** Returns a message of the program with its error, which may be undefined. */
export const withError = (message, error) => freeze(error === undefined ? message : assign(message, { error }));
