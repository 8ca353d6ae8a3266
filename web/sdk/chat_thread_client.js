// The SDK's ChatThreadClient.

import { Connection } from "./connection.js";
import { modelOf } from "./identifier.js";
import { invalidParticipantsOf, messageOf, participantOf, participantRequestOf, receiptOf, threadOf } from "./model.js";

const typingIntervalMs = 8000; // in which the SDK sends one typing notification

// The state is in a property, not in a private field: the UI library calls the methods on a Proxy.
const state = Symbol("state");

/** Returns a ChatThreadClient that shares the connection of a ChatClient. */
export function newThreadClient(connection, threadId) {
  const threadClient = Object.create(ChatThreadClient.prototype);
  setUp(threadClient, connection, threadId);
  return threadClient;
}

function setUp(threadClient, connection, threadId) {
  threadClient.threadId = threadId;
  threadClient[state] = { connection, typedAt: -Infinity };
}

export class ChatThreadClient {
  constructor(endpoint, threadId, credential, options) {
    setUp(this, new Connection(endpoint, credential, options), threadId);
  }

  getProperties(options = {}) {
    return call(this, options, async (client, callOptions) => threadOf(await client.getThread(this.threadId, callOptions)));
  }

  updateTopic(topic, options = {}) {
    return call(this, options, (client, callOptions) => client.updateThread(this.threadId, { topic }, callOptions));
  }

  updateProperties(options = {}) {
    const { topic, metadata, retentionPolicy } = options;
    return call(this, options, (client, callOptions) => client.updateThread(this.threadId, { topic, metadata, retentionPolicy }, callOptions));
  }

  sendMessage(request, options = {}) {
    const { senderDisplayName, type, metadata } = options;
    const { connection } = this[state];
    this[state].typedAt = -Infinity;
    return call(this, options, (client, callOptions) => {
      const idempotencyToken = connection.tokenOf(options);
      return client.sendMessage(this.threadId, { ...request, senderDisplayName, type, metadata }, { ...callOptions, idempotencyToken });
    });
  }

  getMessage(messageId, options = {}) {
    return call(this, options, async (client, callOptions) => messageOf(await client.getMessage(this.threadId, messageId, callOptions)));
  }

  listMessages(options = {}) {
    return list(this, options, messageOf, "listMessages", "startTime");
  }

  updateMessage(messageId, options = {}) {
    const { content, metadata } = options;
    return call(this, options, (client, callOptions) => client.updateMessage(this.threadId, messageId, { content, metadata }, callOptions));
  }

  deleteMessage(messageId, options = {}) {
    return call(this, options, (client, callOptions) => client.deleteMessage(this.threadId, messageId, callOptions));
  }

  async addParticipants({ participants }, options = {}) {
    return call(this, options, async (client, callOptions) => {
      return invalidParticipantsOf(await client.addParticipants(this.threadId, { participants: participants?.map(participantRequestOf) }, callOptions));
    });
  }

  listParticipants(options = {}) {
    return list(this, options, participantOf, "listParticipants", "skip");
  }

  removeParticipant(participant, options = {}) {
    return call(this, options, (client, callOptions) => client.removeParticipant(this.threadId, modelOf(participant), callOptions));
  }

  /** Resolves with false, and sends nothing, if this object has sent one in the last 8 seconds and no message since. */
  async sendTypingNotification(options = {}) {
    const { senderDisplayName } = options;
    const now = Date.now();
    if (now - this[state].typedAt < typingIntervalMs) return false;
    this[state].typedAt = now;
    await call(this, options, (client, callOptions) => client.sendTypingNotification(this.threadId, { senderDisplayName }, callOptions));
    return true;
  }

  async sendReadReceipt({ chatMessageId }, options = {}) {
    return call(this, options, (client, callOptions) => client.sendReadReceipt(this.threadId, { chatMessageId }, callOptions));
  }

  listReadReceipts(options = {}) {
    return list(this, options, receiptOf, "listReadReceipts", "skip");
  }
}

const call = (threadClient, options, operation) => threadClient[state].connection.call(options, operation);

/** Returns a list. start is the name of the option that says where it begins. */
function list(threadClient, options, itemOf, method, start) {
  const { maxPageSize, [start]: value } = options;
  const { threadId, [state]: { connection } } = threadClient;
  return connection.list(options, (client, callOptions) => client[method](threadId, { ...callOptions, maxPageSize, [start]: value }), itemOf);
}
