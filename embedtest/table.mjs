// The table of set-ups in which the package works.

const setups = [
  "a module script", "a classic script", "Vite", "esbuild", "webpack", "a worker", "React", "server side", "Node",
  "wasm elsewhere", "a CDN", "integrity", "Content-Security-Policy", "MIME type", "two users", "TypeScript", "npm", "Microsoft's UI library",
];

/** The name of a test begins with its set-up: "Vite: dev server, no configuration". */
export class Table {
  #rows = [];

  add({ name, details }, passed) {
    if (details.type === "suite" || !name.includes(": ")) return;
    const colon = name.indexOf(": ");
    const setup = name.slice(0, colon);
    if (!setups.includes(setup)) throw new Error(`the test "${name}" is for ${setup}, which is no set-up`);
    this.#rows.push({ setup, done: name.slice(colon + 2), passed });
  }

  isGreen() {
    return setups.every((setup) => this.#of(setup).length > 0) && this.#rows.every(({ passed }) => passed);
  }

  #of(setup) {
    return this.#rows.filter((row) => row.setup === setup);
  }

  toString() {
    const rows = setups.flatMap((setup) => {
      const found = this.#of(setup);
      return found.length > 0 ? found.map(({ done, passed }) => [setup, done, passed ? "✔" : "✖"]) : [[setup, "", "✖ no test"]];
    });
    const all = [["set-up", "what was done", "passed"], ...rows];
    const widths = [0, 1].map((column) => 2 + Math.max(...all.map((row) => row[column].length)));
    return all.map(([setup, done, passed]) => setup.padEnd(widths[0]) + done.padEnd(widths[1]) + passed).join("\n");
  }
}
