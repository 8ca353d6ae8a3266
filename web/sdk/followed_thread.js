// A thread of which realtime notifications tell: a watch, and what was told already.

import { changeOf, createdEvent, deletedEvent, propertiesOf, receiptEvent } from "./event.js";
import { threadOf } from "./model.js";

const creationMs = 1000; // in which the service writes the first messages of a thread
const lateMs = 5000; // how late a change may become visible

export class FollowedThread {
  isGone = false; // the thread was deleted, or the user was removed
  isOpen = false; // the page has a ChatThreadClient for it
  isArriving = false; // arrive has not finished
  #id;
  #client;
  #user; // { rawId, identifier }
  #emit;
  #version; // the highest of which was told, a string; undefined until it is known
  #known = 0; // the highest version of which the inbox knows
  #first; // the version after which the notifications have begun, a number
  #told = new Map(); // the versions that were told, by the ids of messages
  #watch; // aborts the watch that runs
  #created; // the topic and the version of which chatThreadCreated has told
  #receipts; // by sender; undefined before the first list

  constructor(id, { client, user, emit }) {
    this.#id = id;
    this.#client = client;
    this.#user = user;
    this.#emit = emit;
  }

  /** Takes the version of a message that the inbox knows. The notifications begin after the first. */
  note(version) {
    this.#known = Math.max(this.#known, Number(version));
    if (this.#version === undefined && !this.isArriving) this.#begin(version);
  }

  /** Whether the inbox knows of a change that was not told yet. */
  get isBehind() { return this.#known > Number(this.#version ?? 0); }

  #begin(version) {
    this.#version = version;
    this.#first = Number(version);
  }

  /** Begins after the newest change. */
  async skipToNow() {
    for await (const { version } of this.#client.listMessages(this.#id, { maxPageSize: 1 })) return this.#begin(version);
    return this.#begin("0");
  }

  /** Begins when the user became a participant, and tells of the thread if it was created then. */
  async arrive() {
    this.isArriving = true;
    await this.#arrive();
    this.isArriving = false;
  }

  async #arrive() {
    const added = await this.#ownArrival();
    if (added === undefined) return this.skipToNow();
    const thread = await this.#client.getThread(this.#id);
    // The first message of a thread names the creator.
    if (!names(added, thread.createdByCommunicationIdentifier.rawId)) return this.#begin(`${Number(added.version) - 1}`); // the watch gives the message
    const participants = [];
    for await (const participant of this.#client.listParticipants(this.#id)) participants.push(participant);
    this.#begin(added.version);
    this.#created = { topic: thread.topic, version: Number(added.version) };
    this.#emit("chatThreadCreated", createdEvent(thread, participants, added.version));
  }

  /** Returns the newest message that tells that the user was added. */
  async #ownArrival() {
    for await (const message of this.#client.listMessages(this.#id)) {
      if (message.type === "participantAdded" && names(message, this.#user.rawId)) return message;
    }
    return undefined;
  }

  get isWatched() { return this.#watch !== undefined; }

  /** Tells of changes until the watch is paused or fails. */
  async watch() {
    if (this.isWatched || this.isGone) return;
    const controller = (this.#watch = new AbortController());
    const { signal } = controller;
    try {
      if (this.#version === undefined) await this.skipToNow();
      for await (const message of this.#client.watchMessages(this.#id, { sinceVersion: this.#resumed(), signal })) {
        const { id, version } = message, told = this.#told.get(id);
        if (told === version) continue;
        this.#told.set(id, version);
        await this.#tell(message, told === undefined && Number(id) > this.#first);
        if (Number(version) > Number(this.#version)) this.#version = version;
        if (signal.aborted || this.isGone) break;
      }
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
    if (this.#watch === controller) this.#watch = undefined;
  }

  /** Returns the version to go on with: lower than the last one, for changes that have become visible since. */
  #resumed = () => `${Math.max(this.#first, Number(this.#version) - lateMs)}`;

  pause() {
    this.#watch?.abort();
    this.#watch = undefined;
  }

  #failed({ code }) {
    if (code === "NotFound" && !this.isGone) this.#emit("chatThreadDeleted", deletedEvent(this.#id));
    this.isGone ||= code === "NotFound" || code === "Forbidden"; // after other failures the watch begins again later
  }

  /** isNew says that the message was sent after the notifications began, and that nothing of it was told. */
  async #tell(message, isNew) {
    const { type } = message;
    const change = changeOf(this.#id, message, this.#user.identifier);
    if (change === undefined || (type === "topicUpdated" && this.#isOfCreation(message))) return;
    const { name, event } = change;
    // Of a message that was sent and edited between two polls, the watch gives only the edit.
    if (name === "chatMessageEdited" && isNew) this.#emit("chatMessageReceived", withoutEdit(event));
    if (name === "chatMessageReceived" && !isNew) return;
    if (name === "chatThreadPropertiesUpdated") Object.assign(event, await this.#properties(event.properties.topic));
    if (name === "participantsRemoved" && names(message, this.#user.rawId)) this.isGone = true;
    this.#emit(name, event);
  }

  #isOfCreation({ content, version }) {
    return content.topic === this.#created?.topic && Number(version) - this.#created.version <= creationMs;
  }

  /** Returns the properties with the topic of the message, which does not have the others. */
  async #properties(topic) {
    try {
      return propertiesOf({ ...threadOf(await this.#client.getThread(this.#id)), topic });
    } catch {
      return propertiesOf({ topic });
    }
  }

  /** Tells of the receipts that are new since the last time. */
  async readReceipts() {
    const receipts = new Map();
    try {
      for await (const receipt of this.#client.listReadReceipts(this.#id)) receipts.set(receipt.senderCommunicationIdentifier.rawId, receipt);
    } catch {
      return; // the next time tells of them
    }
    const before = this.#receipts;
    this.#receipts = receipts;
    if (before === undefined) return;
    for (const [sender, receipt] of receipts) {
      const known = before.get(sender);
      if (sender === this.#user.rawId || (known?.chatMessageId === receipt.chatMessageId && known.readOn === receipt.readOn)) continue;
      this.#emit("readReceiptReceived", receiptEvent(this.#id, receipt, this.#user.identifier));
    }
  }
}

/** Reports whether a message about participants names a user. */
const names = ({ content }, rawId) => content.participants.some(({ communicationIdentifier }) => communicationIdentifier.rawId === rawId);

const withoutEdit = ({ editedOn, ...event }) => event;
