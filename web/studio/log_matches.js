// The entries that the log shows: those of a kind, with all words of a query. It looks through thousands of entries in slices, so that the page
// stays responsive.

import { isFailure, isPoll, matches, wordsOf } from "./log_entry.js";

const sliceMs = 8; // how long it works at a time

/** The kinds of entries, by the values of the log's menu. */
export const kinds = {
  calls: { title: "What people do", has: (entry) => !isPoll(entry) },
  all: { title: "Everything", has: () => true },
  failures: { title: "Failures", has: isFailure },
};

export class Matches {
  /** The entries that match, the newest last. */
  entries = [];
  #list; #changed; #kind = "calls"; #words = []; #work;

  /** list is an ExchangeList. changed(count) is called after changes, with the number of entries that came to the end. */
  constructor(list, changed) {
    this.#list = list;
    this.#changed = changed;
    list.addEventListener("exchange", ({ detail }) => this.#add(detail));
    list.addEventListener("clear", () => this.filter());
    this.filter();
  }

  /** The newest entry that matches and is no poll, or undefined. */
  get newestCall() {
    for (let i = this.entries.length - 1; i >= 0; i--) if (!isPoll(this.entries[i])) return this.entries[i];
    return undefined;
  }

  /** Whether it is still looking. */
  get isLooking() {
    return this.#work !== undefined;
  }

  filter(kind = this.#kind, query = this.#words.join(" ")) {
    this.#kind = kind;
    this.#words = wordsOf(query);
    this.#work?.cancel();
    this.#look(this.#list.entries.length, []);
  }

  #has = (entry) => kinds[this.#kind].has(entry) && matches(entry, this.#words);

  #add(entry) {
    const [oldest] = this.#list.entries;
    while (this.entries[0]?.number < oldest.number) this.entries.shift();
    const has = this.#has(entry);
    if (has) (this.#work?.added ?? this.entries).push(entry);
    this.#changed(has ? 1 : 0);
  }

  /** Looks through the entries before end, the newest first, and goes on with the rest later. */
  #look(end, found, added = []) {
    const { entries } = this.#list;
    const deadline = performance.now() + sliceMs;
    let at = end;
    while (at > 0 && performance.now() < deadline) if (this.#has(entries[--at])) found.push(entries[at]);
    this.entries = [...found.slice().reverse(), ...added];
    this.#work = undefined;
    if (at > 0) {
      const first = entries[at - 1];
      const timer = setTimeout(() => this.#look(this.#list.entries.indexOf(first) + 1, found, added));
      this.#work = { added, cancel: () => clearTimeout(timer) };
    }
    this.#changed(0);
  }
}
