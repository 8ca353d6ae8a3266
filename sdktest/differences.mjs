// The differences of acschat/sdk from the official client that tests have met.

const mark = "of a difference: ";

/** Formats a difference as a test's diagnostic, by which run.mjs receives it. */
export const toDiagnostic = (difference) => mark + difference;

export const isDifference = ({ type, data }) => type === "test:diagnostic" && data.message.startsWith(mark);

export class Differences {
  #found = new Set();

  add({ data: { message } }) {
    this.#found.add(message.slice(mark.length));
  }

  toString() {
    return [...this.#found].map((difference) => `- ${difference}`).join("\n");
  }
}
