// The state of the page in its address, after the #: servers do not get it. It fills in, and never runs anything.

const secrets = /eyJ[\w-]{8,}\.[\w-]+\.|accesskey=|\bBearer\s/i;

/** Whether a text may contain a token or a key. */
export const isSecret = (text) => secrets.test(text);

/** The parameters of the address. */
export class Link {
  #parameters = new URLSearchParams(location.hash.slice(1));

  /** Returns a parameter as text, or undefined. */
  get(name) {
    return this.#parameters.get(name) ?? undefined;
  }

  /** Sets parameters. undefined and "" remove one. A value that looks like a token or a key is removed, too. */
  set(values) {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined || value === "" || isSecret(value)) this.#parameters.delete(name);
      else this.#parameters.set(name, value);
    }
    const text = this.#parameters.toString();
    history.replaceState(history.state, "", text ? `#${text}` : location.pathname + location.search);
  }
}
