// The SDK's ChatClient.

import { Connection } from "./connection.js";
import { newThreadClient } from "./chat_thread_client.js";
import { invalidParticipantsOf, participantRequestOf, threadItemOf, threadOf } from "./model.js";

// The state is in a property, not in a private field: the UI library calls the methods on a Proxy.
const state = Symbol("state");

export class ChatClient {
  constructor(endpoint, credential, options) {
    this[state] = { connection: new Connection(endpoint, credential, options) };
  }

  getChatThreadClient(threadId) {
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
}
