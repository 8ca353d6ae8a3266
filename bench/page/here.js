// The page with this repository's client. contestant.mjs defines client and options.

import { createClient, initialize } from "client";

import { readAll, run } from "./runner.js";
import { endpoint, pageSize, threadId, token, work } from "./work.js";

await run(async (signal) => {
  await initialize(options);
  const client = createClient({ endpoint, token });
  return {
    sendMessage: () => client.sendMessage(threadId, work.sendMessage.body),
    sendMessageWithSignal: () => client.sendMessage(threadId, work.sendMessage.body, { signal }),
    sendMessageWithUndefined: () => client.sendMessage(threadId, work.sendMessage.body, undefined),
    createThread: () => client.createThread(work.createThread.body),
    createThreadWithSignal: () => client.createThread(work.createThread.body, { signal }),
    addParticipants: () => client.addParticipants(threadId, work.addParticipants.body),
    addParticipantsWithSignal: () => client.addParticipants(threadId, work.addParticipants.body, { signal }),
    listMessages: () => readAll(client.listMessages(threadId, { maxPageSize: pageSize })),
  };
});
