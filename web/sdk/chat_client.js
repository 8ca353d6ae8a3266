// The SDK's ChatClient.

import { newThreadClient } from "./chat_thread_client.js";
import { Connection } from "./connection.js";
import { Emitter } from "./emitter.js";
import { sdkError } from "./error.js";
import { invalidParticipantsOf, participantRequestOf, threadItemOf, threadOf } from "./model.js";
import { Realtime } from "./realtime.js";

// The state is in a property, not in a private field: the UI library calls the methods on a Proxy.
const state = Symbol("state");

export class ChatClient {
  constructor(endpoint, credential, options) {
    this[state] = { connection: new Connection(endpoint, credential, options), emitter: new Emitter(), opened: new Set(), realtime: undefined, started: undefined };
  }

  getChatThreadClient(threadId) {
    this[state].opened.add(threadId);
    this[state].realtime?.open(threadId);
    return newThreadClient(this[state].connection, threadId);
  }

  async createChatThread({ topic }, options = {}) {
    const { participants, metadata, retentionPolicy, idempotencyToken } = options;
    const request = { topic, participants: participants?.map(participantRequestOf), metadata, retentionPolicy };
    return this[state].connection.call(options, async (client, callOptions) => {
      const result = await client.createThread(request, { ...callOptions, idempotencyToken });
      return { chatThread: threadOf(result.chatThread), ...invalidParticipantsOf(result) };
    });
  }

  listChatThreads(options = {}) {
    const { maxPageSize, startTime } = options;
    return this[state].connection.list(options, (client, callOptions) => client.listThreads({ ...callOptions, maxPageSize, startTime }), threadItemOf);
  }

  deleteChatThread(threadId, options = {}) {
    return this[state].connection.call(options, (client, callOptions) => client.deleteThread(threadId, callOptions));
  }

  /** Begins to tell of changes. */
  startRealtimeNotifications() {
    const own = this[state];
    own.started ??= start(own);
    return own.started;
  }

  /** Ends what startRealtimeNotifications has begun, and removes all listeners. */
  async stopRealtimeNotifications() {
    const own = this[state];
    own.realtime?.stop();
    own.realtime = own.started = undefined;
    own.emitter.clear();
  }

  on(event, listener) {
    const { emitter, started } = this[state];
    if (started === undefined && !beforeStart.includes(event)) {
      throw new Error(`on: call startRealtimeNotifications() before you listen for ${event}. Only ${beforeStart.join(" and ")} can be listened for earlier`);
    }
    if (event === "typingIndicatorReceived") warnOnce();
    emitter.on(event, listener);
  }

  off(event, listener) {
    this[state].emitter.off(event, listener);
  }

  /** Passes on a hint that a thread has changed. Not in the SDK. */
  wake(threadId, hint) {
    this[state].realtime?.wake(threadId, hint);
  }
}

const beforeStart = ["realTimeNotificationConnected", "realTimeNotificationDisconnected"];

async function start(own) {
  const realtime = (own.realtime = new Realtime((...values) => own.emitter.emit(...values), own.opened));
  try {
    await realtime.start(await own.connection.client());
  } catch (error) {
    if (own.realtime === realtime) own.realtime = own.started = undefined; // it can be called again
    throw sdkError(error);
  }
}

let hasWarned = false;

function warnOnce() {
  if (!hasWarned) console.warn("acschat/sdk: typingIndicatorReceived never occurs. The service sends typing notifications through its own channel only.");
  hasWarned = true;
}
