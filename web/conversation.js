// Conversations as pages see them, and what the program needs of the page for conversations and inboxes. What a conversation does is decided
// in the program (package chatstate). wasm/conversation.go is the other side.

import { ChatError, Map, Promise, String, freeze, loadError, parse, tried } from "./error.js";
import { Arguments } from "./arguments.js";
import { newInboxHandle, newInboxState } from "./inbox.js";
import { State, changed, withError } from "./state.js";
import { RecordStore, eraseRecords, hasStorage } from "./storage.js";

const firstSnapshot = freeze({
  status: "loading", error: undefined, topic: "", messages: freeze([]), hasOlder: false, hasNewer: false, participants: freeze([]),
  unreadCount: 0, unreadIsCapped: false, durability: "memory", paused: undefined,
});

// The methods that the program performs, by their numbers in wasm/conversation_method.go.
const send = 0, edit = 1, cancel = 2, retry = 3, discard = 4, loadOlder = 5, loadNewer = 6, jumpToNewest = 7, markRead = 8, close = 9;

function conversationFields({ changes, participants, read, ...fields }, { messages }, errors) {
  if (fields.paused === "") fields.paused = undefined;
  fields.messages = changed(messages, changes, errors, withError);
  if (participants !== undefined) fields.participants = freeze(participants.value.map((participant, i) => withRead(participant, read[i])));
  return fields;
}

const withRead = (participant, lastReadMessageId) => freeze(lastReadMessageId ? { ...participant, lastReadMessageId } : participant);

/** The conversations and inboxes of a program. The program calls the functions that are public fields. */
export class Conversations {
  #border;
  #states = new Map(); // by the ID of the conversation or inbox
  #lastID = 0;
  #errors = []; // that the program has passed for the next change

  constructor(border) { this.#border = border; }

  newCall = (client) => this.#border.addPromise(client, {}, () => {}, () => {}); // for a call that the program makes by itself
  passError = (error) => void this.#errors.push(error);
  changed = (id, at, length) => this.#states.get(id)?.apply(parse(this.#border.read(at, length)), this.#errors.splice(0));

  performEffect = (id, at, length) => {
    const state = this.#states.get(id), effect = parse(this.#border.read(at, length));
    state.store ??= new RecordStore(effect.queue, state.isOfUser, {
      performed: (number, outcome, text) => this.#enter("effectPerformed", id, number, outcome, text),
      announced: (key, name, isGone) => this.#enter("announced", id, isGone, `${key}\n${name}`),
      forgotten: () => this.#enter("forgotten", id),
    });
    state.store[effect.kind](effect);
  };

  closed = (id) => {
    this.#states.get(id)?.store?.close();
    this.#states.delete(id);
  };

  eraseRecords = (promiseID, at, length) => {
    const user = this.#border.read(at, length);
    eraseRecords(user).then(() => this.#border.resolve(promiseID), (cause) => this.#border.reject(promiseID, storageError(cause)));
  };

  /** Ends all conversations and inboxes after the end of the program. */
  end(error) {
    for (const [id, state] of [...this.#states]) {
      state.apply({ changes: [], status: "ended", hasError: true }, [error]);
      this.closed(id);
    }
  }

  /** Calls an exported function in a task of its own. The last argument is a text if it is a string. */
  #enter(name, ...values) {
    const text = typeof values.at(-1) === "string" ? values.pop() : undefined;
    this.#border.enter((exports) => exports[`acschat.${name}`](...values, ...(text === undefined ? [] : [this.#border.write(text)])), true);
  }

  /** Calls an exported function that settles a promise before it returns. Returns the value, or throws the error. */
  #callNow(args, call) {
    let value, failure;
    const id = this.#border.addPromise(0, args, (result) => (value = result), (reason) => (failure = reason));
    this.#border.enter((exports) => call(exports, id));
    if (failure !== undefined) throw failure;
    return value;
  }

  /** Throws an error if the part with the conversations could not be loaded, or if the module was built without them. */
  #requireModule(operation) {
    if (this.#border.has("acschat.openConversation")) return;
    const hint = "Serve the chat.wasm that belongs to this chat.js, or build one without the tag withoutconversations.";
    const error = this.#border.conversationsError ?? loadError("the module has no conversations", hint);
    throw new ChatError(error.message.replace("initialize", operation), { ...error, operation, cause: error.cause });
  }

  userID(client) {
    return this.#border.crash ? undefined : this.#callNow({}, (exports, id) => exports["acschat.userID"](client, id));
  }

  async forget(client) {
    this.#requireModule("forget");
    return this.#border.promise(client, {}, undefined, (exports, id) => exports["acschat.forget"](client, id));
  }

  /** Opens a conversation, and returns the page's handle of it. */
  openConversation(client, values) {
    const state = new State(firstSnapshot, conversationFields);
    return this.#handle(client, ...this.#open("openConversation", client, state, new Arguments(values.slice(0, 2), -1)));
  }

  /** Opens the inbox of a client, and returns the page's handle of it. */
  openInbox(client, [options]) {
    const [id, state] = this.#open("openInbox", client, newInboxState(), new Arguments([options], -1));
    return newInboxHandle(state, id, {
      start: (id, threadID) => this.#border.promise(client, {}, undefined, (exports, promiseID) => exports["acschat.markThreadRead"](id, promiseID, this.#border.write(threadID))),
      close: () => this.#border.enter((exports) => exports["acschat.closeInbox"](id)),
    });
  }

  /** Opens a conversation or an inbox, or joins the one that is open. Returns its ID and its state. */
  #open(operation, client, state, args) {
    this.#requireModule(operation);
    const proposedID = ++this.#lastID;
    this.#states.set(proposedID, state);
    let id;
    try {
      id = this.#callNow(args, (exports, promiseID) => exports[`acschat.${operation}`](client, proposedID, promiseID, hasStorage(), this.#border.write(args.text, args.thrown)));
    } finally {
      if (id !== proposedID) this.#states.delete(proposedID); // it is open already, or cannot be opened
    }
    return [id, this.#states.get(id)];
  }

  #handle(client, id, state) {
    const none = { text: "", thrown: undefined };
    // The last call throws after the end of the program.
    const handle = state.newHandle(() => this.#states.get(id) === state && tried(() => call(close)));
    const { subscribe, getSnapshot, close: end } = handle.members;
    const write = (key, args) => this.#border.write(`${key}\n${args.text}`, args.thrown);
    // A handle that is closed speaks to conversation 0, which there is not.
    const start = (method, key = "", args = none) => this.#border.promise(client, args, undefined, (exports, promiseID) => exports["acschat.callConversation"](handle.isOpen ? id : 0, method, promiseID, 0, write(key, args)));
    const call = (method, key = "", args = none, doneID = 0) => this.#callNow(args, (exports, promiseID) => exports["acschat.callConversation"](handle.isOpen ? id : 0, method, promiseID, doneID, write(key, args)));
    return {
      subscribe,
      getSnapshot,
      send: (request) => {
        const args = new Arguments([request], -1);
        let doneID;
        const done = new Promise((resolve, reject) => (doneID = this.#border.addPromise(client, args, resolve, reject)));
        done.catch(() => {}); // the page may not want it
        return { key: call(send, "", args, doneID), done };
      },
      edit: (key, request) => start(edit, keyOf(key), new Arguments([request], -1)),
      cancel: (key) => start(cancel, keyOf(key)),
      retry: (key) => call(retry, keyOf(key)),
      discard: (key) => call(discard, keyOf(key)),
      loadOlder: () => start(loadOlder),
      loadNewer: () => start(loadNewer),
      jumpToNewest: () => start(jumpToNewest),
      markRead: (messageID) => start(markRead, messageID === undefined ? "" : keyOf(messageID) || "?"),
      close: end,
    };
  }
}

/** Returns a key as the program takes it: empty for what cannot be one. */
const keyOf = (key) => (typeof key === "string" && !key.includes("\n") ? key : typeof key === "number" ? String(key) : "");

function storageError(cause) {
  const hint = "Other tabs of this site may hold back the storage, or the browser gives none. Close them, and call forget again.";
  return new ChatError("forget: the storage cannot be used", { operation: "forget", code: "StorageError", hint, cause });
}
