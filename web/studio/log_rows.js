// A list of which only the visible rows are in the page. It is a listbox: arrow keys, Page Up, Page Down, Home and End choose a row.

import { element } from "../view.js";

const spare = 8; // rows above and below the visible ones

export class Rows {
  #list; #space; #rows = new Map(); // by key
  #count; #keyOf; #draw; #choose; #chosen; #height = 32; #scheduled = false; #grown = 0;

  /**
   * count() is the number of items, keyOf(i) identifies the item at a position, draw(i) returns its row, and choose(i) is called when the user
   * chooses it. label is the list's name.
   */
  constructor(label, { count, keyOf, draw, choose }) {
    this.#count = count;
    this.#keyOf = keyOf;
    this.#draw = draw;
    this.#choose = choose;
    this.#space = element("div", { class: "log-space", role: "presentation" });
    this.#list = element("div", { class: "log-rows", role: "listbox", tabindex: 0, "aria-label": label, onscroll: () => this.#schedule(), onkeydown: (event) => this.#move(event) }, this.#space);
    this.#list.addEventListener("click", ({ target }) => {
      const row = target.closest("[data-key]");
      if (row) this.#choose(this.#positionOf(Number(row.dataset.key)));
    });
    new ResizeObserver(() => this.refresh()).observe(this.#list);
  }

  get element() {
    return this.#list;
  }

  /** Shows the items again. grown of them are new at the top: what the user looks at stays where it is. */
  update(grown = 0) {
    this.#grown += grown;
    this.#schedule();
  }

  /** Marks the item with this key as the chosen one. */
  setChosen(key, position) {
    this.#chosen = key;
    this.#schedule();
    if (position !== undefined) this.#show(position);
  }

  /** Draws the rows again. */
  refresh() {
    this.#height = parseFloat(getComputedStyle(this.#list).getPropertyValue("--row-height")) || 32;
    for (const row of this.#rows.values()) row.remove();
    this.#rows.clear();
    this.#schedule();
  }

  /** Draws one row again, if it is in the page. */
  refreshRow(key) {
    this.#rows.get(key)?.remove();
    if (this.#rows.delete(key)) this.#schedule();
  }

  #show(position) {
    const { scrollTop, clientHeight } = this.#list;
    const top = position * this.#height;
    if (top < scrollTop) this.#list.scrollTop = top;
    else if (top + this.#height > scrollTop + clientHeight) this.#list.scrollTop = top + this.#height - clientHeight;
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#render();
    });
  }

  #render() {
    if (this.#list.clientHeight === 0) return; // it is hidden
    const count = this.#count();
    this.#space.style.height = `${count * this.#height}px`;
    if (this.#grown > 0 && this.#list.scrollTop > 0) this.#list.scrollTop += this.#grown * this.#height;
    this.#grown = 0;
    const { scrollTop, clientHeight } = this.#list;
    const first = Math.max(0, Math.floor(scrollTop / this.#height) - spare);
    const last = Math.min(count, Math.ceil((scrollTop + clientHeight) / this.#height) + spare);
    const kept = new Map();
    let active = "";
    for (let i = first; i < last; i++) {
      const key = this.#keyOf(i);
      const row = this.#rows.get(key) ?? this.#newRow(i, key);
      kept.set(key, row);
      row.style.transform = `translateY(${i * this.#height}px)`;
      row.setAttribute("aria-posinset", i + 1);
      row.setAttribute("aria-setsize", count);
      row.setAttribute("aria-selected", key === this.#chosen);
      if (key === this.#chosen) active = row.id;
    }
    for (const [key, row] of this.#rows) if (!kept.has(key)) row.remove();
    this.#rows = kept;
    this.#list.setAttribute("aria-activedescendant", active);
  }

  #newRow(i, key) {
    const row = this.#draw(i);
    row.id = `log-row-${key}`;
    row.dataset.key = key;
    row.setAttribute("role", "option");
    this.#space.append(row);
    return row;
  }

  #move(event) {
    const page = Math.max(1, Math.floor(this.#list.clientHeight / this.#height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    const count = this.#count();
    if (step === undefined || count === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = this.#positionOf(this.#chosen) ?? (step > 0 ? -1 : 0);
    this.#choose(Math.min(count - 1, Math.max(0, at + step)));
  }

  #positionOf(key) {
    for (let i = 0; i < this.#count(); i++) if (this.#keyOf(i) === key) return i;
    return undefined;
  }
}
