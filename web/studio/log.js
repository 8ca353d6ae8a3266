// The panel "Requests": every attempt of every client in the page. One of them is open, by default the newest.

import { detailOf, factsOf } from "./log_detail.js";
import { duration, levelOf, nextWords, shortPath, size, unknownToken } from "./log_entry.js";
import { kinds, Matches } from "./log_matches.js";
import { Rows } from "./log_rows.js";
import { button, element, setText } from "../view.js";

/** Fills root with the log. */
export function mountLog(root, studio) {
  root.classList.add("log");
  new Log(root, studio);
}

class Log {
  #studio; #matches; #rows; #detail; #count; #kind; #query; #newest; #empty;
  #open; // the entry that is open
  #isFollowing = true; // the newest entry is open
  #isScheduled = false; #grown = 0; #isDetailOld = false;
  #last = new Map(); // the last entry of each call, by person and the call's number
  #unknown = new Map(); // entries of messages whose outcome is unknown, by their idempotency token
  #following = new WeakMap(); // what came next, by entry

  constructor(root, studio) {
    this.#studio = studio;
    this.#kind = element("select", { "aria-label": "Which requests", onchange: () => this.#filter() }, Object.entries(kinds).map(([kind, { title }]) => new Option(title, kind)));
    this.#query = element("input", { type: "search", placeholder: "Filter: person, operation, status, text", "aria-label": "Filter the requests", autocomplete: "off", oninput: () => this.#filter() });
    this.#count = element("span", { class: "hint", role: "status" });
    this.#newest = button("Follow the newest", () => (this.#rows.element.focus(), this.#follow()), { class: "quiet", hidden: true });
    this.#rows = new Rows("Requests, the newest first", { count: () => this.#matches.entries.length, keyOf: (i) => this.#at(i).number, draw: (i) => this.#rowOf(this.#at(i)), choose: (i) => this.#choose(i) });
    this.#detail = element("div", { class: "log-detail", onpointerdown: () => this.#stay(), onfocusin: () => this.#stay() });
    const bar = element("div", { class: "log-bar" }, this.#query, this.#kind, button("Clear", () => studio.exchanges.clear(), { class: "quiet" }), this.#count, this.#newest);
    this.#empty = element("p", { class: "log-empty hint" }, "Nothing here. The page’s own reads are under “Everything”.");
    root.append(bar, element("div", { class: "log-list" }, this.#rows.element, this.#empty), this.#detail);
    studio.exchanges.addEventListener("exchange", ({ detail }) => this.#connect(detail));
    studio.exchanges.addEventListener("clear", () => this.#clear());
    studio.addEventListener("inspect", () => this.#follow());
    this.#matches = new Matches(studio.exchanges, (grown) => this.#changed(grown));
    this.#showDetail();
  }

  #at = (i) => this.#matches.entries.at(-1 - i);

  #filter() {
    this.#matches.filter(this.#kind.value, this.#query.value);
  }

  /** Notes which attempt follows which, and says so in the row of the former. */
  #connect(entry) {
    const call = `${entry.person.index} ${entry.callId}`;
    const former = this.#last.get(call);
    if (entry.next === "done" || entry.next === "failed") this.#last.delete(call);
    else this.#last.set(call, entry);
    if (former?.attempt === entry.attempt - 1) this.#setFollowing(former, entry);
    for (const [token, unknown] of this.#unknown) {
      const isFound = entry.person === unknown.person && entry.method === "GET" && entry.responseBody?.includes(token);
      if (isFound && !this.#following.has(unknown)) this.#setFollowing(unknown, entry);
      if (this.#following.has(unknown)) this.#unknown.delete(token);
    }
    const token = unknownToken(entry);
    if (token) this.#unknown.set(token, entry);
  }

  #setFollowing(former, entry) {
    this.#following.set(former, entry);
    this.#rows.refreshRow(former.number);
    if (this.#open === former) this.#isDetailOld = true; // it says what came next
    this.#changed(0);
  }

  /** Shows what has changed, at most once a frame: entries may come by the hundred. */
  #changed(grown) {
    this.#grown += grown;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#show();
    });
  }

  #show() {
    const { length } = this.#matches.entries;
    this.#rows.update(this.#grown);
    this.#grown = 0;
    this.#empty.hidden = length > 0 || this.#matches.isLooking;
    const all = this.#studio.exchanges.entries.length;
    const isFiltered = length !== all;
    setText(this.#count, isFiltered ? `${length} of ${all}${this.#matches.isLooking ? "…" : ""}` : `${all}`);
    if (this.#isFollowing || !this.#open) this.#openNewest();
    if (this.#isDetailOld) this.#updateFacts();
  }

  #clear() {
    this.#last.clear();
    this.#unknown.clear();
    this.#open = undefined;
    this.#showDetail();
  }

  /** Opens the newest entry, if possible one that is no poll, unless the user looks at the one that is open. */
  #openNewest() {
    const newest = this.#matches.newestCall ?? this.#open ?? this.#matches.entries.at(-1);
    if (newest === this.#open || (newest && this.#open && this.#detail.matches(":hover"))) return;
    this.#open = newest;
    this.#rows.setChosen(newest?.number);
    this.#showDetail();
  }

  #choose(i) {
    this.#open = this.#at(i);
    this.#stay();
    this.#rows.setChosen(this.#open.number, i);
    this.#showDetail();
  }

  /** Keeps the open entry open: the user works with it. */
  #stay() {
    this.#isFollowing = false;
    this.#newest.hidden = false;
  }

  #follow() {
    this.#isFollowing = true;
    this.#newest.hidden = true;
    this.#rows.element.scrollTop = 0;
    this.#open = undefined;
    this.#changed(0);
  }

  /** Says what came next, and leaves the rest of the open entry alone. */
  #updateFacts() {
    this.#isDetailOld = false;
    this.#detail.querySelector(".attempt-facts")?.replaceWith(factsOf(this.#open, this.#following.get(this.#open)));
  }

  #showDetail() {
    this.#isDetailOld = false;
    const none = element("p", { class: "empty" }, "Every request of the people in this page appears here. Send a message.");
    this.#detail.replaceChildren(this.#open ? detailOf(this.#studio, this.#open, this.#following.get(this.#open)) : none);
    this.#detail.scrollTop = 0;
  }

  #rowOf(entry) {
    const { person, operation, status, outcome, attempt, durationMs, bytes, method } = entry;
    const next = nextWords(entry, this.#following.get(entry));
    const cell = (name, text, title) => element("span", { class: `log-${name}`, title }, text);
    return element(
      "div",
      { class: `log-row ${levelOf(entry)}` },
      cell("status", String(status ?? "–"), outcome === "success" ? undefined : outcome),
      cell("operation", operation, `${method} ${shortPath(entry)}`),
      cell("person", person.displayName),
      cell("attempt", `#${attempt}`, `Attempt ${attempt}`),
      cell("next", next, next),
      cell("bytes", size(bytes), "Bytes of the answer"),
      cell("time", duration(durationMs)),
    );
  }
}
