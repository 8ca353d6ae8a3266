// How often each client shows one message while it is sent, as a Markdown table.

import { readFileSync } from "node:fs";

const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url)));

const mark = "of a message that is shown: ";

/** Formats the counts of a row as a test's diagnostic, by which run.mjs receives them. */
export const toDiagnostic = (row) => mark + JSON.stringify(row);

export const isShown = ({ type, data }) => type === "test:diagnostic" && data.message.startsWith(mark);

const titles = ["how often one message is shown", `official UI library ${dependencies["@azure/communication-react"]}`, "here"];

export class ShownTable {
  #rows = [];

  add({ data: { message } }) {
    const { name, theirs, ours } = JSON.parse(message.slice(mark.length));
    this.#rows.push([name, cell(theirs), cell(ours)]);
  }

  toString() {
    return [titles, titles.map(() => "---"), ...this.#rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  }
}

/** Formats a count, in bold unless it is 1. */
const cell = (count) => (count === 1 ? "1" : `**${count}**`);
