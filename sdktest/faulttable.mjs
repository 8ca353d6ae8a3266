// The outcome of each fault with each client, as Markdown tables.

import { readFileSync } from "node:fs";

const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url)));

const mark = "of a fault: ";

/** Formats an outcome as a test's diagnostic, by which run.mjs receives it. */
export const toDiagnostic = (outcome) => mark + JSON.stringify(outcome);

export const isOutcome = ({ type, data }) => type === "test:diagnostic" && data.message.startsWith(mark);

/** Reports whether the call's result is true and the operation was done at most once. */
export function isRight({ code, count, isTheOne }) {
  if (code === undefined) return isTheOne;
  return count === 0 || (count === 1 && code === "DeliveryUnknown");
}

export class FaultTable {
  #tables = new Map(); // by operation, fault and client

  add({ data: { message } }) {
    const { operation, fault, client, ...outcome } = JSON.parse(message.slice(mark.length));
    const rows = entry(this.#tables, operation, new Map());
    entry(rows, fault, new Map()).set(client, cell(outcome, nouns[operation]));
  }

  toString() {
    return [...this.#tables].map(([operation, rows]) => {
      const clients = [...rows.values().next().value.keys()];
      const lines = [[operation, ...clients.map((client) => titles[client] ?? client)], Array(clients.length + 1).fill("---")];
      for (const [fault, cells] of rows) lines.push([fault, ...clients.map((client) => cells.get(client))]);
      return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
    }).join("\n\n");
  }
}

const nouns = { sendMessage: "message", createThread: "thread" };
const titles = { SDK: `official SDK ${dependencies["@azure/communication-chat"]}`, sdk: "acschat/sdk" };

function entry(map, key, value) {
  if (!map.has(key)) map.set(key, value);
  return map.get(key);
}

/** Formats an outcome, in bold if it is wrong. */
function cell(outcome, noun) {
  const { code, count } = outcome;
  const text = `${code ?? "resolved"}, ${count === 0 ? "no" : count} ${noun}${count > 1 ? "s" : ""}`;
  return isRight(outcome) ? text : `**${text}**`;
}
