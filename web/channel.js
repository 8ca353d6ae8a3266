// Messages to other tabs of the same user, through BroadcastChannels. There may be none. The names contain the endpoint and the user, and for
// the queue of a conversation the thread.

import { String, tried } from "./error.js";

const markKey = "mark"; // of the record that keeps how far the user has read, as in chatstate/mark_record.go

/** Returns the part of a queue's name that stands for the endpoint and the user. */
const userOf = (queue) => `${queue.split(" ", 2).join(" ")} `;

const queueChannel = (queue) => `acschat ${queue}`;
const marksChannel = (user) => `acschat marks ${user}`;
const forgetChannel = (user) => `acschat forget ${user}`;

/** Opens a channel to the other tabs, if there are channels. */
function openChannel(name, receive) {
  const channel = tried(() => new globalThis.BroadcastChannel(name));
  if (channel === undefined) return undefined;
  if (receive) channel.onmessage = ({ data }) => receive(data);
  channel.unref?.(); // in Node, so that it does not keep the process alive
  return channel;
}

/** Posts one message to a channel. */
function post(name, message) {
  const channel = openChannel(name);
  tried(() => channel?.postMessage(message));
  channel?.close();
}

/** Tells the other tabs to forget the user's messages and marks. */
export const postForget = (user) => post(forgetChannel(user), "forget");

/**
 * The channels of a conversation or an inbox. A conversation has the channel of its queue. An inbox has the one of the user's marks, where
 * conversations and inboxes announce them.
 */
export class Channels {
  #own; #ownName; #forgetting;

  constructor(queue, isOfUser, owner) {
    this.#ownName = isOfUser ? marksChannel(userOf(queue)) : queueChannel(queue);
    this.#own = openChannel(this.#ownName, ({ key, id, isGone }) => owner.announced(String(key), String(id), isGone === true));
    this.#forgetting = openChannel(forgetChannel(userOf(queue)), () => owner.forgotten());
  }

  announce({ queue, key, id, isGone }) {
    this.#post(queueChannel(queue), { key, id, isGone });
    if (key === markKey) this.#post(marksChannel(userOf(queue)), { key, id: queue, isGone });
  }

  /** Posts to a channel. The own one does not hear what it posts. */
  #post(name, message) {
    if (name === this.#ownName) tried(() => this.#own?.postMessage(message));
    else post(name, message);
  }

  close() {
    this.#own?.close();
    this.#forgetting?.close();
  }
}
