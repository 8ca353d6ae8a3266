// Realtime notifications: the inbox tells which threads there are and which have a new message, and watches tell what has changed in them.

import { FollowedThread } from "./followed_thread.js";
import { userOf } from "./identifier.js";

const listMs = 2000; // between two lists of the threads
const mostWatched = 10; // threads, those that the page has opened or that had a new message last
const receiptsMs = 15_000; // between two lists of the read receipts of a thread that the page has opened

export class Realtime {
  #emit;
  #opened; // ids of threads with a ChatThreadClient
  #service; // what FollowedThread needs
  #inbox;
  #unsubscribe;
  #timer;
  #stopped = new AbortController();
  #isConnected = false;
  #shown = new Map(); // the inbox's threads by id, as they were at the last update
  #threads = new Map(); // FollowedThreads by id
  #watched = []; // those with a watch, the last touched first

  constructor(emit, opened) {
    this.#emit = emit;
    this.#opened = opened;
  }

  /** Resolves when everything from now on will be told. */
  async start(client) {
    const { signal } = this.#stopped;
    this.#inbox = client.openInbox({ intervalMs: listMs });
    try {
      await live(this.#inbox, signal);
      const user = { rawId: client.userId, identifier: userOf(client.userId) };
      this.#service = { client, user, emit: (...values) => signal.aborted || this.#emit(...values) };
      const threads = this.#inbox.getSnapshot().threads.filter(({ left }) => !left);
      for (const thread of threads) {
        this.#shown.set(thread.id, thread);
        const followed = new FollowedThread(thread.id, this.#service);
        if (thread.lastMessage !== undefined) followed.note(thread.lastMessage.version);
        this.#threads.set(thread.id, followed);
      }
      const first = [...threads.filter(({ id }) => this.#opened.has(id)), ...threads.filter(({ id }) => !this.#opened.has(id))].slice(0, mostWatched);
      await Promise.all(first.map(({ id }) => this.#threads.get(id).skipToNow().catch(() => {}))); // the watch meets the same failure
      if (signal.aborted) throw stopped();
      for (const { id } of first.reverse()) this.#touch(id);
    } catch (error) {
      this.stop();
      throw error;
    }
    this.#unsubscribe = this.#inbox.subscribe(() => this.#update());
    this.#timer = setInterval(() => this.#readReceipts(), receiptsMs);
    this.#update();
  }

  stop() {
    this.#stopped.abort();
    this.#unsubscribe?.();
    clearInterval(this.#timer);
    for (const thread of this.#watched) thread.pause();
    this.#inbox?.close();
    this.#setConnected(false);
  }

  /** Follows a thread for which the page has made a ChatThreadClient. */
  open(threadId) {
    if (this.#threads.has(threadId)) this.#touch(threadId);
  }

  /** Passes on a hint of the page. */
  wake(threadId, hint) {
    if (!this.#threads.has(threadId)) return;
    this.#touch(threadId);
    this.#service.client.wake(threadId, hint);
  }

  #update() {
    const { status, threads } = this.#inbox.getSnapshot();
    for (const thread of threads) {
      const before = this.#shown.get(thread.id);
      if (before === thread) continue;
      this.#shown.set(thread.id, thread);
      this.#compare(thread, before);
    }
    if (status !== "loading") this.#setConnected(status === "live");
  }

  #compare({ id, left, lastMessage }, before) {
    const followed = this.#threads.get(id);
    if (followed !== undefined && lastMessage !== undefined) followed.note(lastMessage.version);
    const isIn = !left && (followed === undefined || (followed.isGone && (before?.left || followed.isBehind))); // behind: the user was added again
    if (isIn) void this.#arrive(id);
    else if (followed === undefined || followed.isGone) return;
    else if (left || followed.isBehind) { // the watch tells why, or what has changed
      followed.pause(); // a new watch polls at once. A hint would, too, but slow down later polls, since it does not come for edits
      this.#touch(id);
    }
  }

  /** Follows a thread that the user was not in. */
  async #arrive(id) {
    const thread = new FollowedThread(id, this.#service);
    this.#threads.set(id, thread);
    try {
      await thread.arrive();
      if (!this.#stopped.signal.aborted) this.#touch(id);
    } catch {
      this.#threads.delete(id); // the next update tries again
      this.#shown.delete(id);
    }
  }

  /** Watches a thread, in place of those that have been touched the longest time ago, as far as everything of them was told. */
  #touch(id) {
    const thread = this.#threads.get(id);
    if (thread.isArriving) return;
    const others = this.#watched.filter((other) => other !== thread && !other.isGone);
    this.#watched = [thread, ...others.filter((other, i) => i < mostWatched - 1 || other.isBehind)];
    for (const other of others) if (!this.#watched.includes(other)) other.pause();
    if (!thread.isOpen && this.#opened.has(id)) {
      thread.isOpen = true;
      void thread.readReceipts();
    }
    void thread.watch();
  }

  #readReceipts() {
    if (globalThis.document?.hidden) return;
    for (const thread of this.#watched) if (thread.isOpen && !thread.isGone) void thread.readReceipts();
  }

  #setConnected(isConnected) {
    if (isConnected === this.#isConnected) return;
    this.#isConnected = isConnected;
    if (isConnected) for (const thread of this.#watched) void thread.watch(); // those that have failed
    this.#emit(isConnected ? "realTimeNotificationConnected" : "realTimeNotificationDisconnected");
  }
}

const stopped = () => new Error("startRealtimeNotifications: stopRealtimeNotifications was called meanwhile");

/** Resolves when the inbox has listed all threads. Rejects if it cannot, and if signal is aborted. */
function live(inbox, signal) {
  return new Promise((resolve, reject) => {
    const check = () => {
      const { status, error } = inbox.getSnapshot();
      if (status === "live") resolve();
      else if (error !== undefined) reject(error);
      else return;
      unsubscribe();
    };
    const unsubscribe = inbox.subscribe(check);
    signal.addEventListener("abort", () => reject(stopped()));
    check();
  });
}
