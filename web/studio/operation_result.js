// What running an operation gives: JSON, or the error.

import { button, element } from "../view.js";

const shownCharacters = 100_000; // more would make the page slow

export class Result {
  /** The address of the list's next page, or undefined. */
  nextLink;
  #status; #text; #next; #inspect;

  /** next is called for the next page of a list, inspect to show the request. */
  constructor({ next, inspect }) {
    this.#inspect = () => button("Show the request", inspect, { class: "quiet" });
    this.#status = element("div", { class: "result-status", role: "status" });
    this.#text = element("pre", { tabindex: 0, hidden: true, "aria-label": "Result" });
    this.#next = button("Next page", next, { hidden: true });
    this.element = element("div", { class: "result" }, this.#status, this.#text, this.#next);
  }

  clear() {
    this.#show([]);
  }

  showRunning(stop) {
    this.#show(["Running… ", button("Stop", stop, { class: "quiet" })]);
  }

  showValue(value, { name, isList }, durationMs) {
    const took = `in ${Math.round(durationMs)} ms`;
    if (value === undefined) return this.#show([`${name} succeeded ${took}. It has no result. `, this.#inspect()]);
    this.nextLink = value.nextLink;
    const count = isList ? ` One page with ${counted(value.value.length, "item")}.` : "";
    const refused = value.invalidParticipants?.length > 0 ? ` But the service refused ${counted(value.invalidParticipants.length, "participant")}: see invalidParticipants.` : "";
    this.#show([`${name} succeeded ${took}.${count}${refused} `, this.#inspect()], JSON.stringify(value, null, 2));
    this.#next.hidden = !value.nextLink;
  }

  showProblem(text) {
    this.#show([element("p", { class: "error" }, text)]);
  }

  /** isBeside says that the message stands beside a field already. */
  showError({ name, code, message, hint, status, attempts }, isBeside) {
    const about = [status && `HTTP ${status}`, attempts > 1 && `${attempts} attempts`].filter(Boolean).join(", ");
    const texts = isBeside ? ["See the marked field."] : [message, hint].filter(Boolean);
    this.#show([element("div", { class: "error" }, element("p", {}, element("strong", {}, code ?? name), about && ` ${about}`), ...texts.map((text) => element("p", {}, text))), attempts > 0 && this.#inspect()].filter(Boolean));
  }

  #show(status, text = "") {
    this.#status.replaceChildren(...status);
    this.#text.hidden = text === "";
    this.#text.textContent = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}\n… ${text.length - shownCharacters} more characters` : text;
    if (text === "") this.#next.hidden = true;
    if (status.length > 0) this.element.scrollIntoView({ block: "nearest" });
  }
}

const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
