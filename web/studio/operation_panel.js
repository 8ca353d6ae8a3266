// The panel of operations: finds an operation, shows its form, runs it as one of the people, and shows the result.

import { callFrom, isObject, run } from "./operation_call.js";
import { button, element } from "../view.js";
import { historyList } from "./history_list.js";
import { mayRun, recordRun } from "./operation_record.js";
import { OperationForm } from "./operation_form.js";
import { newestMessage, Pickers } from "./operation_known.js";
import { Result } from "./operation_result.js";
import { operationOf, searchOperations } from "./operation_table.js";

/** Fills root with the panel. The link keeps the call that its form shows, and whose client runs it. */
export function mountOperations(root, studio) {
  new Panel(root, studio);
}

// What a new form contains, so that it can be run at once.
const samples = {
  createThread: () => ({ request: { topic: "Lunch" } }),
  updateThread: () => ({ request: { topic: "Dinner" } }),
  sendMessage: ({ person }) => ({ request: { content: "Shall we meet at noon?", senderDisplayName: person?.displayName } }),
  updateMessage: () => ({ request: { content: "Rather at one." } }),
  sendTypingNotification: ({ person }) => ({ request: { senderDisplayName: person?.displayName } }),
  sendReadReceipt: ({ messageId }) => ({ request: { chatMessageId: messageId } }),
  addParticipants: () => ({ request: { participants: [{}] } }),
  listMessages: () => ({ request: { maxPageSize: 20 } }),
};

class Panel {
  #studio; #pickers; #list; #search; #people; #place; #result; #form; #running;
  #isTouched = false; // the user has changed the form
  #wanted; // the name of the person in the link, who may come later

  constructor(root, studio) {
    this.#studio = studio;
    this.#pickers = new Pickers(root, studio);
    this.#search = element("input", { type: "search", placeholder: "Search", "aria-label": "Search operations", autocomplete: "off", oninput: () => this.#drawList(), onkeydown: (event) => this.#choose(event) });
    this.#list = element("ul", { class: "operation-list" });
    this.#people = element("select", { "aria-label": "Run as", onchange: () => this.#keep() });
    this.#place = element("div", { class: "operation-place", onkeydown: (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && this.#run() });
    this.#result = new Result({ next: () => this.#run(this.#result.nextLink), inspect: () => this.#inspect() });
    root.append(element("div", { class: "operations" }, element("nav", { "aria-label": "Operations" }, this.#search, this.#list, historyList(studio)), this.#place));
    this.#restore();
    studio.addEventListener("people", () => this.#drawPeople());
    for (const event of ["people", "open", "shown"]) studio.addEventListener(event, () => this.#isTouched || this.#open({ operation: this.#form.call.operation }));
    studio.addEventListener("edit", ({ detail: { call, person } }) => {
      this.#people.value = person;
      this.#open(call);
      this.#keep();
      studio.dispatchEvent(new CustomEvent("panel", { detail: "operations" }));
    });
  }

  /** Shows what the link holds. It runs nothing. */
  #restore() {
    const { link } = this.#studio;
    const operation = link.get("operation");
    let given;
    try {
      given = JSON.parse(link.get("arguments"));
    } catch {} // somebody has changed the address
    const { person, ...call } = isObject(given) ? given : {};
    this.#wanted = person;
    this.#isTouched = operationOf(operation) !== undefined;
    this.#open(this.#isTouched ? callFrom(operation, call) : { operation: "sendMessage" });
  }

  #open(call) {
    this.#running?.abort();
    const operation = operationOf(call.operation);
    const person = this.#person();
    const shown = person && this.#studio.shownOf(person);
    const threadId = shown?.threadId ?? this.#pickers.newest("thread");
    const isOwn = ["updateMessage", "deleteMessage"].includes(operation.name); // only the sender may
    const ids = { threadId, messageId: newestMessage(this.#studio, person, threadId, isOwn) };
    const sample = samples[operation.name]?.({ person, messageId: ids.messageId });
    const given = JSON.parse(JSON.stringify({ ...sample, ...call, ids: { ...Object.fromEntries(operation.ids.map((id) => [id, ids[id]])), ...call.ids } })); // without undefined values
    this.#form = new OperationForm(operation, given, this.#pickers, () => this.#keep());
    this.#result.clear();
    this.#place.replaceChildren(this.#head(operation), this.#form.element, element("div", { class: "operation-foot" }, this.#actions(), this.#result.element));
    this.#drawList();
  }

  /** Keeps the form in the link, and the user's changes in the form. */
  #keep() {
    this.#isTouched = true;
    const { operation, arguments: given } = this.#kept();
    this.#studio.link.set({ operation, arguments: JSON.stringify(given) });
  }

  /** Returns the call as the link and the history keep it. */
  #kept() {
    const { operation, nextLink, ...given } = this.#form.call; // a link to a page has the endpoint
    return { operation, arguments: { person: this.#people.value, ...given } };
  }

  #head({ name, title, documentation }) {
    const link = element("a", { href: documentation, target: "_blank", rel: "noreferrer" }, title);
    return element("header", {}, element("h2", {}, name), element("p", { class: "hint" }, "REST: ", link));
  }

  #actions() {
    return element("div", { class: "operation-actions" }, button("Run", () => this.#run(), { class: "main", title: "Ctrl+Enter" }), element("label", { class: "as" }, "as ", this.#people));
  }

  #drawPeople() {
    const chosen = this.#wanted ?? this.#people.value;
    this.#people.replaceChildren(...this.#studio.people.map(({ name, displayName }) => new Option(displayName, name)));
    if (this.#studio.people.some(({ name }) => name === chosen)) this.#people.value = chosen;
  }

  #drawList() {
    const current = this.#form.call.operation;
    const items = searchOperations(this.#search.value).map(({ name, title, method }) => {
      const choose = () => {
        this.#open({ operation: name });
        this.#keep();
      };
      return element("li", {}, button(name, choose, { "aria-current": name === current && "true", title: `${method}: ${title}` }));
    });
    this.#list.replaceChildren(...(items.length > 0 ? items : [element("li", { class: "hint" }, "No operation has this in its name or path.")]));
  }

  /** Enter opens the first operation that was found. */
  #choose(event) {
    const [first] = searchOperations(this.#search.value);
    if (event.key !== "Enter" || !first) return;
    event.preventDefault();
    this.#open({ operation: first.name });
    this.#keep();
  }

  /** Shows the newest request in the log. */
  #inspect() {
    this.#studio.dispatchEvent(new CustomEvent("panel", { detail: "requests" }));
    this.#studio.dispatchEvent(new Event("inspect"));
  }

  #person() {
    return this.#studio.people.find(({ name }) => name === this.#people.value);
  }

  async #run(nextLink) {
    const form = this.#form, person = this.#person(), operation = operationOf(form.call.operation);
    form.clearErrors();
    if (!person) return this.#result.showProblem("Nobody is there yet who could run it.");
    if (form.problem) return this.#result.showProblem(form.problem);
    if (!(await mayRun(this.#studio, operation))) return;
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.#result.showRunning(() => running.abort());
    this.#studio.history?.add(this.#kept());
    const begun = performance.now();
    try {
      const value = await run(person.client, { ...form.call, ...(nextLink && { nextLink }) }, { signal: running.signal, ...recordRun(this.#studio, person) });
      if (this.#running === running) this.#result.showValue(value, operation, performance.now() - begun);
    } catch (error) {
      if (this.#running !== running) return;
      if (running.signal.aborted) this.#result.showProblem("You have stopped the call.");
      else this.#result.showError(error, form.showError(error));
    }
  }
}
