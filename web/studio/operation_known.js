// The ids that the pickers of a form offer: of the studio's people, and of the threads, users and messages that answers have contained.

import { callOf } from "./operation_call.js";

const looks = 100; // how many of the newest exchanges are read
const messages = 50; // how many messages a picker offers

/** Returns { users, threads, messages }, each a Map from the id to a text that says what it is. The newest come first. */
export function knownIds({ people, exchanges: { entries }, threads }) {
  const known = {
    users: new Map(people.map(({ id, name }) => [id, name])),
    threads: new Map(threads.map(({ id, topic }) => [id, topic])),
    messages: new Map(),
  };
  for (const exchange of entries.slice(-looks).reverse()) {
    if (exchange.outcome !== "success") continue;
    const call = callOf(exchange);
    if (call?.ids.threadId) note(known.threads, call.ids.threadId, "");
    if (exchange.responseBody) readAnswer(known, call, exchange.responseBody);
  }
  return known;
}

function readAnswer(known, call, body) {
  let answer;
  try {
    answer = JSON.parse(body);
  } catch {
    return; // it was cut off
  }
  for (const item of answer.value ?? [answer.chatThread ?? answer]) {
    if (call?.operation === "listThreads" || call?.operation === "createThread" || call?.operation === "getThread") note(known.threads, item.id, item.topic);
    if (call?.operation === "sendMessage") note(known.messages, item.id, call.request?.content);
    if (call?.operation === "listMessages" || call?.operation === "getMessage") note(known.messages, item.id, item.content?.message ?? item.type);
    const user = item.communicationIdentifier ?? item.senderCommunicationIdentifier;
    if (user?.rawId) note(known.users, user.rawId, item.displayName ?? item.senderDisplayName);
  }
}

/** Adds an id, or the text that an id lacks. */
function note(ids, id, text = "") {
  if (!id || (ids.size >= messages && !ids.has(id))) return;
  if (!ids.get(id)) ids.set(id, text.slice(0, 60));
}

/** Returns the id of the newest message in a thread that a person can see, or has sent, or "". */
export function newestMessage(studio, person, threadId, isOwn) {
  const shown = person && studio.shownOf(person);
  const seen = shown?.threadId === threadId ? (shown.conversation?.getSnapshot().messages ?? []) : [];
  const ids = seen.filter(({ id, mine, type, deletedOn }) => id && !deletedOn && ["text", "html"].includes(type) && (mine || !isOwn)).map(({ id }) => id);
  for (const exchange of studio.exchanges.entries.slice(-looks)) {
    if (exchange.operation !== "sendMessage" || exchange.status !== 201 || (isOwn && exchange.person !== person)) continue;
    if (callOf(exchange).ids.threadId === threadId) ids.push(JSON.parse(exchange.responseBody).id);
  }
  return ids.sort((a, b) => a - b).at(-1) ?? "";
}

const lists = { user: "users", thread: "threads", message: "messages" };

/** Keeps a datalist for each kind of id in root. The lists are filled when a picker gets the focus. */
export class Pickers {
  #studio; #elements = {};
  #known; #knownAt; // what knownIds returned, and after which exchange

  constructor(root, studio) {
    this.#studio = studio;
    for (const [type, name] of Object.entries(lists)) {
      this.#elements[type] = document.createElement("datalist");
      this.#elements[type].id = `known-${name}`;
      root.append(this.#elements[type]);
    }
  }

  /** Returns the id of the datalist for a type, or undefined. */
  listOf = (type) => this.#elements[type]?.id;

  /** Reads the answers only if there are new ones. */
  #ids(type) {
    const newest = this.#studio.exchanges.entries.at(-1);
    if (!this.#known || newest !== this.#knownAt) this.#known = knownIds(this.#studio);
    this.#knownAt = newest;
    return this.#known[lists[type]];
  }

  fill(type) {
    const list = this.#elements[type];
    if (!list) return;
    const ids = this.#ids(type);
    list.replaceChildren(...[...ids].map(([id, text]) => new Option(text, id)));
  }

  /** Says what an id belongs to: a topic, a name, or the beginning of a message. */
  describe(type, id) {
    const kind = type === "identifier" ? "user" : type;
    return lists[kind] && this.#ids(kind).get(id?.rawId ?? id);
  }

  /** Returns the newest id of a type, or "". */
  newest = (type) => this.#ids(type).keys().next().value ?? "";
}
