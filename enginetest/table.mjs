// The table of results. A journey that did not run counts as a failure.

export class Table {
  #columns = []; // { name, cells }

  constructor(journeys) {
    this.journeys = journeys;
  }

  /** Adds an engine. Returns a function that adds a journey's result: its failure, or undefined and an optional note. */
  addEngine(name) {
    const cells = new Map();
    this.#columns.push({ name, cells });
    return (journey, failure, note) => cells.set(journey, failure ? "✖" : `✔${note ? ` ${note}` : ""}`);
  }

  isGreen() {
    return this.#columns.length > 0 && this.#columns.every(({ cells }) => this.journeys.every((journey) => cells.get(journey)?.startsWith("✔")));
  }

  toString() {
    const rows = this.journeys.map((journey) => [journey, ...this.#columns.map(({ cells }) => cells.get(journey) ?? "✖ not run")]);
    const all = [["", ...this.#columns.map(({ name }) => name)], ...rows];
    const widths = all[0].map((_, column) => 2 + Math.max(...all.map((row) => row[column].length)));
    return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join("").trimEnd()).join("\n");
  }
}
