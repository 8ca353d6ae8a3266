// The storage of durable queues and marks: records in IndexedDB, and the lock of a queue as a Web Lock. Each may be missing. The names contain
// the endpoint, the user and the thread.

import { Error, Map, Promise, Set, queueMicrotask, setTimeout, tried } from "./error.js";
import { Channels, postForget } from "./channel.js";

const performed = 0, differs = 1, failed = 2; // the outcomes of an effect, as in wasm/loader_conversation.go
const databaseName = "acschat", databaseVersion = 1, recordsName = "records", keyIndex = "key";

const openMs = 5000; // how long the database may take to open

let connection; // the Connection that new stores use, or undefined

/** A connection to the database. Once it is lost, its stores do not open another: what they know may not be there any more. */
class Connection {
  users = new Set(); // functions that are called when it is lost
  isLost = false;
  #open; // the database, once it is open
  database = new Promise((resolve, reject) => {
    const request = globalThis.indexedDB.open(databaseName, databaseVersion); // refuses the database of a newer version
    request.onupgradeneeded = () => request.result.createObjectStore(recordsName, { keyPath: "sequence", autoIncrement: true }).createIndex(keyIndex, ["queue", "key"], { unique: true });
    request.onblocked = () => reject(new Error("another tab holds back the upgrade"));
    request.onerror = () => reject(request.error);
    setTimeout(() => reject(new Error("the storage does not open")), openMs); // another tab may hold back a deletion, of which there is no event
    request.onsuccess = () => {
      this.#open = request.result;
      this.#open.onversionchange = this.#open.onclose = () => this.#lose();
      if (this.isLost) this.#open.close(); // it was blocked before
      resolve(this.#open);
    };
  });

  #running = new Map(); // the operation of each transaction that has not ended
  #postponed; // the operations that wait until the page is not frozen any more; undefined if it is not

  constructor() {
    this.database.catch(() => this.#lose());
    globalThis.addEventListener?.("freeze", this.#freeze, true);
    for (const event of ["resume", "pageshow"]) globalThis.addEventListener?.(event, this.#resume, true);
  }

  #lose() {
    this.isLost = true;
    if (connection === this) connection = undefined;
    this.#open?.close();
    for (const event of ["freeze", "resume", "pageshow"]) globalThis.removeEventListener?.(event, event === "freeze" ? this.#freeze : this.#resume, true);
    this.#resume();
    for (const lost of this.users) lost();
  }

  /** Runs a transaction. work gets the object store and a function that sets the result. */
  transact(mode, work) {
    return new Promise((resolve, reject) => this.database.then((database) => this.#begin(database, { mode, work, resolve, reject }), reject));
  }

  #begin(database, operation) {
    if (this.#postponed !== undefined) return void this.#postponed.push(operation);
    try {
      const transaction = database.transaction(recordsName, operation.mode);
      let result;
      this.#running.set(transaction, operation);
      transaction.oncomplete = () => this.#running.delete(transaction) && operation.resolve(result);
      transaction.onabort = () => this.#running.delete(transaction) && operation.reject(transaction.error ?? new Error("the transaction was aborted"));
      operation.work(transaction.objectStore(recordsName), (value) => (result = value));
    } catch (error) {
      operation.reject(error);
    }
  }

  // A frozen page does not finish its transactions, and they keep those of other tabs waiting.
  #freeze = () => {
    this.#postponed ??= [];
    for (const [transaction, operation] of [...this.#running]) {
      if (!tried(() => (transaction.abort(), true))) continue; // it ends without this page
      this.#running.delete(transaction);
      this.#postponed.push(operation);
    }
  };

  #resume = () => {
    const postponed = this.#postponed ?? [];
    this.#postponed = undefined;
    postponed.forEach((operation) => this.database.then((database) => this.#begin(database, operation)));
  };
}

/** Reports whether the browser has a storage at all. */
export const hasStorage = () => tried(() => globalThis.indexedDB) !== undefined;

const connect = () => (connection ??= new Connection());

/** The range of the keys of one queue or, with isPrefix, of all queues whose names begin with it. */
const rangeOf = (queue, isPrefix = false) => globalThis.IDBKeyRange.bound([queue], isPrefix ? [`${queue}\uffff`] : [queue, []]);

/** Erases the records of all queues whose names begin with a user's part, and tells the other tabs to forget the user's messages. */
export async function eraseRecords(user) {
  postForget(user);
  if (!hasStorage()) return;
  await connect().transact("readwrite", (records) => {
    records.index(keyIndex).getAllKeys(rangeOf(user, true)).onsuccess = ({ target }) => target.result.forEach((sequence) => records.delete(sequence));
  });
}

/** Writes a record as the program reads it. */
const written = ({ sequence, key, text }) => `${sequence}\0${key}\0${text}\0`;

/** The storage of one conversation or inbox. Its methods are the effects of package chatstate. owner is told how they have ended. */
export class RecordStore {
  #owner;
  #connection = tried(connect);
  #lock; // { release, isGranted } of the queue's lock that is held or requested
  #answers = Promise.resolve(); // answers go to the program in the order of the effects
  #channels;

  /** isOfUser says that the effects are about all queues of the user, not only this one. */
  constructor(queue, isOfUser, owner) {
    this.#owner = owner;
    this.#channels = new Channels(queue, isOfUser, owner);
    this.#connection?.users.add(this.#lost);
  }

  /** Makes the program read the storage, and so notice that it is lost. */
  #lost = () => queueMicrotask(() => this.#owner.announced("", "", false));

  close() {
    this.releaseLock();
    this.#connection?.users.delete(this.#lost);
    this.#channels.close();
  }

  #transact(number, mode, work) {
    const outcome = this.#connection === undefined || this.#connection.isLost ? Promise.reject(new Error("no storage")) : this.#connection.transact(mode, work);
    const settled = outcome.then((result) => result, (error) => [error?.name === "ConstraintError" ? differs : failed, ""]); // there is such a record
    this.#answers = this.#answers.then(async () => this.#owner.performed(number, ...(await settled)));
  }

  listRecords({ number, queue }) {
    this.#transact(number, "readonly", (records, set) => {
      const request = records.index(keyIndex).getAll(rangeOf(queue));
      request.onsuccess = () => set([performed, request.result.sort((a, b) => a.sequence - b.sequence).map(written).join("")]);
    });
  }

  putRecord(effect) {
    const { number, queue, key, text, expected } = effect;
    if (expected === "") return this.#addRecord(number, { queue, key, text });
    this.#change(effect, number, (records, stored, set) => {
      const record = { ...(stored && { sequence: stored.sequence }), queue, key, text };
      records.put(record).onsuccess = ({ target }) => set([performed, written({ ...record, sequence: target.result })]);
    });
  }

  /** Adds a record in one step, which ends well even if the page goes away at once. */
  #addRecord(number, record) {
    this.#transact(number, "readwrite", (records, set) => {
      const request = records.add(record);
      request.onsuccess = () => set([performed, written({ ...record, sequence: request.result })]);
      tried(() => records.transaction.commit());
    });
  }

  removeRecord(effect) {
    this.#change(effect, effect.number, (records, stored, set) => {
      if (stored !== undefined) records.delete(stored.sequence);
      set([performed, ""]);
    });
  }

  /** Changes a record, if it has the expected text. */
  #change({ queue, key, expected }, number, change) {
    this.#transact(number, "readwrite", (records, set) => {
      const request = records.index(keyIndex).get([queue, key]);
      request.onsuccess = () => {
        if ((request.result?.text ?? "") === expected) change(records, request.result, set);
        else set([differs, ""]);
      };
    });
  }

  // Without Web Locks the lock is granted at once: whoever sends a message that another tab may have sent looks for its token first.
  requestLock({ number, queue }) {
    const controller = new AbortController();
    const lock = (this.#lock = { release: () => controller.abort(), isGranted: false });
    const grant = () => {
      lock.isGranted = true;
      this.#owner.performed(number, performed, "");
    };
    const held = () => new Promise((resolve) => {
      lock.release = resolve;
      grant();
    });
    const withoutLocks = () => this.#lock === lock && !lock.isGranted && grant();
    const requested = tried(() => globalThis.navigator.locks.request(`acschat ${queue}`, { signal: controller.signal }, held));
    if (requested === undefined) queueMicrotask(withoutLocks);
    else requested.catch(withoutLocks);
  }

  releaseLock() {
    const lock = this.#lock;
    this.#lock = undefined;
    lock?.release();
  }

  announce(effect) {
    this.#channels.announce(effect);
  }
}
