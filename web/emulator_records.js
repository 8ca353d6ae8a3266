// The emulator's state, as records by key. The program reads them when it starts, and passes each change. They are in memory, and with a name
// also in IndexedDB, from where the next page has them.

import { Error, Map, Promise, TypeError } from "./error.js";

const format = 1; // of exported states
const storeName = "records";
const lockWaitMs = 5000; // how long a page that is being left may still use the database

/**
 * Returns the records in memory, or those of the database with that name, or of the storage. state is what exportState returned; it fills only
 * what is empty. A storage has readAll(), and write(changes), clear() and close(), which may return promises.
 */
export async function openRecords(name, state, storage) {
  const initial = recordsOf(state);
  if (storage !== undefined) return openStored(storage, initial);
  if (name === undefined) return new Records(initial);
  if (globalThis.indexedDB === undefined) throw new Error("createEmulator: persist needs IndexedDB, which is not available here. Use exportState and the option state");
  const unlock = await lock(`acschat.emulator.${name}`, name);
  try {
    return await openStored(new DatabaseStorage(await openDatabase(`acschat.emulator.${name}`), unlock), initial);
  } catch (cause) {
    unlock();
    throw new Error(`createEmulator: persist: the database cannot be opened: ${cause.message}`, { cause });
  }
}

async function openStored(storage, initial) {
  const records = new StoredRecords(await storage.readAll(), storage);
  if (records.size === 0) await records.save(initial);
  return records;
}

function recordsOf(state) {
  if (state === undefined) return {};
  if (state?.format !== format || typeof state.records !== "object") throw new TypeError("createEmulator: state must be what exportState returned, in this version of acschat");
  return state.records;
}

class Records {
  #records = new Map();

  constructor(records) {
    this.apply(records);
  }

  get size() {
    return this.#records.size;
  }

  apply(changes) {
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) this.#records.delete(key);
      else this.#records.set(key, value);
    }
  }

  save(changes) {
    this.apply(changes);
  }

  clear() {
    this.#records.clear();
  }

  all = () => Object.fromEntries(this.#records);
  exportState = () => structuredClone({ format, records: this.all() });
  close() {}
}

/** Records that are in a storage when save and clear resolve. */
class StoredRecords extends Records {
  #storage;

  constructor(records, storage) {
    super(records);
    this.#storage = storage;
  }

  async save(changes) {
    await this.#storage.write(changes);
    super.save(changes);
  }

  async clear() {
    await this.#storage.clear();
    super.clear();
  }

  close() {
    return this.#storage.close();
  }
}

/** A storage in IndexedDB. */
class DatabaseStorage {
  #database; #unlock;

  constructor(database, unlock) {
    this.#database = database;
    this.#unlock = unlock;
  }

  readAll = () => readAll(this.#database);
  clear = () => this.#change((store) => store.clear());

  write(changes) {
    return this.#change((store) => {
      for (const [key, value] of Object.entries(changes)) {
        if (value === null) store.delete(key);
        else store.put(value, key);
      }
    });
  }

  #change(change) {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(storeName, "readwrite", { durability: "relaxed" });
      change(transaction.objectStore(storeName));
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("the browser has aborted the transaction"));
    });
  }

  close() {
    this.#database.close();
    this.#unlock();
  }
}

function openDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, format);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function readAll(database) {
  return new Promise((resolve, reject) => {
    const records = {};
    const request = database.transaction(storeName).objectStore(storeName).openCursor();
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor === null) return resolve(records);
      records[cursor.key] = cursor.value;
      cursor.continue();
    };
    request.onerror = () => reject(request.error);
  });
}

/** Gets the lock, so that two emulators do not write to one database. Returns a function that releases it. */
async function lock(lockName, name) {
  const { locks } = globalThis.navigator ?? {};
  if (locks === undefined) return () => {}; // a page without https
  try {
    return await new Promise((resolve, reject) => {
      const held = new Promise((release) => {
        locks.request(lockName, { signal: AbortSignal.timeout(lockWaitMs) }, () => (resolve(release), held)).catch(reject);
      });
    });
  } catch (cause) {
    throw new Error(`createEmulator: persist: another page or worker uses "${name}". Close it, choose another name, or let both pages pass shared: "${name}"`, { cause });
  }
}
