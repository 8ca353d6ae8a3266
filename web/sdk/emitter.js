// Listeners by event, as the SDK keeps them.

export class Emitter {
  #listeners = new Map();

  on(event, listener) {
    this.#listeners.set(event, [...this.#of(event), listener]);
  }

  /** Removes the listener. One that was added twice stays once. */
  off(event, listener) {
    const listeners = this.#of(event), i = listeners.lastIndexOf(listener);
    if (i >= 0) this.#listeners.set(event, listeners.filter((_, index) => index !== i));
  }

  /** Calls the listeners. What one throws is reported as uncaught, and the others are called all the same. */
  emit(event, ...values) {
    for (const listener of this.#of(event)) {
      try {
        listener(...values);
      } catch (error) {
        queueMicrotask(() => { throw error; });
      }
    }
  }

  clear() {
    this.#listeners.clear();
  }

  #of = (event) => this.#listeners.get(event) ?? [];
}
