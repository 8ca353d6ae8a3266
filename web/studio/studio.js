// The studio: what the panels of the page share. A panel is a function mount…(root, studio), which fills the element root. Members:
//
// service        where users and tokens come from: { endpoint, kind: "emulator" | "server emulator" | "live", fetch, issue(name, signal), emulator }.
//                emulator is undefined where there is none, and has advance, reset, and in the page exportState
// people         who takes part in this page: [{ name, displayName, id, client, inbox, getToken(signal), index }]
// exchanges      every attempt of their clients: an ExchangeList (exchanges.js), whose event "exchange" has the entry as detail
// faults         what goes wrong with the next requests: a FaultList (faults.js)
// threads        the threads that any of them has: [{ id, topic }]
// link, history  the state in the page's address (link.js), and the calls made before in this browser (history.js)
// signal         aborts when another studio takes the page
// calls          the functions of app.js: connect, createThread, addParticipants, sendMessage, openConversation, begin(service)
//
// Events: "people" after a person has come; "threads" after the threads have changed; "open", with { threadId, people } as detail, when columns
// are to show a thread; "shown", with a person, after a column shows another thread; "panel", with a name, to show that panel;
// "edit", with { call, person } as detail, to show a call in the panel of operations; "inspect", to open the newest request in the log.

import { ExchangeList } from "./exchanges.js";
import { FaultList } from "./faults.js";
import { hint } from "./hints.js";
import { CallHistory } from "./history.js";
import { Link } from "./link.js";
import { observe } from "./observe.js";

const firstTopic = "Lunch";

export class Studio extends EventTarget {
  people = [];
  exchanges = new ExchangeList();
  faults = new FaultList();
  link = new Link();
  history = new CallHistory();
  #shown = new Map(); // by person
  #end = new AbortController();
  signal = this.#end.signal; // for listeners that outlive the columns

  constructor(service, calls) {
    super();
    this.service = service;
    this.calls = calls;
    hint(this);
  }

  /** Ends all clients, before another studio takes the page. */
  close() {
    this.#end.abort();
    for (const { client } of this.people) client.close();
  }

  get threads() {
    const threads = this.people.flatMap(({ inbox }) => inbox.getSnapshot().threads);
    return [...new Map(threads.map(({ id, topic }) => [id, { id, topic }])).values()];
  }

  /** Brings in the first people, and gives them a thread unless the service is a real resource. */
  async start() {
    const people = [];
    for (const name of this.service.names) people.push(await this.#connect(name, people.length));
    let threadId, failure;
    if (this.service.kind !== "live") threadId = await exclusively(() => this.#commonThread(people)).catch((error) => void (failure = error));
    people.forEach((person) => this.#show(person));
    if (threadId) this.open(threadId);
    if (failure) throw failure;
  }

  /** Brings in a person, who gets a client of their own. */
  async addPerson(name) {
    const person = await this.#connect(name, this.people.length);
    this.#show(person);
    return person;
  }

  async #connect(name, index) {
    const { id, token } = await this.service.issue(name);
    const person = { name, displayName: name[0].toUpperCase() + name.slice(1), id, index };
    let unused = token;
    person.getToken = async (signal) => {
      const issued = unused ?? (await this.service.issue(name, signal)).token;
      unused = undefined;
      return issued;
    };
    const tokenCallback = ({ signal }) => person.getToken(signal);
    person.client = await this.calls.connect(this.service.endpoint, this.service.fixedTokens ? token : tokenCallback, observe(this, person));
    person.id ??= person.client.userId;
    return person;
  }

  #show(person) {
    person.inbox = person.client.openInbox({ intervalMs: this.service.kind === "live" ? 5000 : 1000 });
    person.inbox.subscribe(() => this.dispatchEvent(new Event("threads")));
    this.people.push(person);
    this.dispatchEvent(new CustomEvent("people", { detail: person }));
  }

  /** Shows a thread in the columns of these people. */
  open(threadId, people = this.people) {
    this.dispatchEvent(new CustomEvent("open", { detail: { threadId, people } }));
  }

  /** Returns what a person's column shows, as { threadId, conversation }, or undefined. */
  shownOf = (person) => this.#shown.get(person);

  /** For columns: says what one shows. */
  shows(person, shown) {
    this.#shown.set(person, shown);
    this.dispatchEvent(new CustomEvent("shown", { detail: person }));
  }

  /** Creates a thread, shows it to those who are in it, and returns whom the service has refused. */
  async createThread(person, topic, others) {
    const people = [person, ...others];
    const { threadId, invalidParticipants } = await this.calls.createThread(person.client, topic, people.map(participantOf));
    this.open(threadId, people);
    return { threadId, invalidParticipants };
  }

  /** Returns the newest thread that all of them have, or a new one. */
  async #commonThread(people) {
    const lists = await Promise.all(people.map(({ client }) => idsOf(client.listThreads())));
    const known = lists[0].find((id) => lists.every((ids) => ids.includes(id)));
    if (known !== undefined) return known;
    const [first, other] = people;
    const { threadId } = await this.calls.createThread(first.client, firstTopic, people.map(participantOf));
    if (other) await this.calls.sendMessage(other.client, threadId, `Hi ${first.displayName}, shall we meet for lunch?`, other.displayName);
    return threadId;
  }
}

/** Returns a person as a participant of a thread. */
export const participantOf = ({ id, displayName }) => ({ communicationIdentifier: id, displayName });

async function idsOf(threads) {
  const ids = [];
  for await (const { id } of threads) ids.push(id);
  return ids;
}

/** Runs an action while no other tab of this page does, so that two tabs do not create two threads. */
const exclusively = (action) => navigator.locks?.request("acschat studio", action) ?? action();
