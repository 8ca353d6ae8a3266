// A browser of any engine, and its tabs.

const element = "element-6066-11e4-a52e-4f735466cecf"; // the key of an element's ID in WebDriver

/** Returns the browser of a session: its version, a first tab, newTab and stop. */
export async function newBrowser({ capabilities, command }, stop) {
  return {
    version: capabilities.browserVersion,
    tab: new Tab(command, await command("GetWindowHandle")),
    newTab: async () => new Tab(command, (await command("NewWindow", { type: "tab" })).handle),
    stop,
  };
}

class Tab {
  #command;
  #handle;

  constructor(command, handle) {
    this.#command = command;
    this.#handle = handle;
  }

  open(url) {
    return this.#do("Navigate", { url });
  }

  /** Runs an async function in the page. Arguments and result cross as JSON. */
  async run(action, ...args) {
    const script = `
      const [done, args] = [arguments[arguments.length - 1], JSON.parse(arguments[0])];
      Promise.resolve().then(() => (${action})(...args)).then(
        (value) => done(JSON.stringify({ value })),
        (error) => done(JSON.stringify({ error: String(error) })),
      );`;
    const { value, error } = JSON.parse(await this.#do("ExecuteAsyncScript", { script, args: [JSON.stringify(args)] }));
    if (error !== undefined) throw new Error(error);
    return value;
  }

  /** Sets the text of a field. */
  fill(selector, text) {
    return this.run((selector, text) => void (document.querySelector(selector).value = text), selector, text);
  }

  /** Clicks the button with this name, as a user does. */
  async click(name) {
    const found = await this.#do("FindElement", { using: "xpath", value: `//button[normalize-space()="${name}" or @aria-label="${name}"]` });
    await this.#do("ElementClick", { id: found[element] });
  }

  /** Waits until the text of an element contains the wanted text. */
  waitForText(selector, wanted) {
    return this.run(
      (selector, wanted) =>
        new Promise((resolve) => {
          const check = () => document.querySelector(selector)?.textContent.includes(wanted) && resolve();
          new MutationObserver(check).observe(document, { subtree: true, childList: true, characterData: true });
          check();
        }),
      selector,
      wanted,
    );
  }

  text(selector) {
    return this.run((selector) => document.querySelector(selector).textContent, selector);
  }

  close() {
    return this.#do("CloseWindow");
  }

  async #do(name, parameters) {
    await this.#command("SwitchToWindow", { handle: this.#handle });
    return this.#command(name, parameters);
  }
}
