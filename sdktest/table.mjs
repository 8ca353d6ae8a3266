// The table of operations: how many tests have passed with the official client or its drop-in alone, and with it and ours together.

const operations = [
  "createThread", "listThreads", "getThread", "updateThread", "deleteThread",
  "sendMessage", "listMessages", "getMessage", "updateMessage", "deleteMessage",
  "addParticipants", "listParticipants", "removeParticipant",
  "sendTypingNotification", "sendReadReceipt", "listReadReceipts",
  "createIdentity", "issueAccessToken", "revokeAccessTokens", "deleteIdentity",
];


/** The name of a test begins with its operations: "sendMessage, getMessage: …". */
export class Table {
  #columns;
  #results;

  constructor(alone) {
    this.#columns = [alone, "together"];
    this.#results = new Map(operations.map((operation) => [operation, { [alone]: newCell(), together: newCell() }]));
  }

  add({ name, file, details }, passed) {
    if (details.type === "suite" || !name.includes(": ")) return;
    const column = /\btogether\.[^/\\]*$/.test(file) ? "together" : this.#columns[0];
    for (const operation of name.slice(0, name.indexOf(": ")).split(", ")) {
      const row = this.#results.get(operation);
      if (row === undefined) throw new Error(`the test "${name}" is for ${operation}, which is no operation`);
      row[column][passed ? "passed" : "failed"]++;
    }
  }

  isGreen() {
    return [...this.#results.values()].every((row) => this.#columns.every((column) => isGreen(row[column])));
  }

  toString() {
    const line = (...cells) => cells.map((cell, i) => cell.padEnd(i === 0 ? 24 : 12)).join("").trimEnd();
    const lines = [line("operation", ...this.#columns)];
    for (const [operation, row] of this.#results) lines.push(line(operation, ...this.#columns.map((column) => text(row[column]))));
    return lines.join("\n");
  }
}

const newCell = () => ({ passed: 0, failed: 0 });
const isGreen = ({ passed, failed }) => passed > 0 && failed === 0;

function text(cell) {
  if (isGreen(cell)) return `✔ ${cell.passed}`;
  return cell.failed > 0 ? `✖ ${cell.failed} of ${cell.passed + cell.failed}` : "✖ no test";
}
