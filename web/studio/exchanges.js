// The list of every attempt of every client in the page.

const capacity = 5000;

/** Its event "exchange" has the new entry as detail, "clear" has none. entries has the oldest first. */
export class ExchangeList extends EventTarget {
  entries = [];
  #lastNumber = 0;

  /**
   * Adds an entry: the client's Exchange, with number, person, startedAt (milliseconds since 1970), responseHeaders (an object, {} if there was
   * no answer) and bytes (of the answer's body). Headers and bodies have "[redacted]" in place of the token.
   */
  add(entry) {
    const numbered = Object.freeze({ ...entry, number: ++this.#lastNumber });
    this.entries.push(numbered);
    if (this.entries.length > capacity) this.entries.shift();
    this.dispatchEvent(new CustomEvent("exchange", { detail: numbered }));
  }

  clear() {
    this.entries = [];
    this.dispatchEvent(new Event("clear"));
  }
}
