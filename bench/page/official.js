// The page with the official SDK. contestant.mjs defines client.

import { AzureCommunicationTokenCredential, ChatClient } from "client";

import { readAll, run } from "./runner.js";
import { endpoint, pageSize, threadId, token, work } from "./work.js";

const toParticipant = ({ communicationIdentifier, displayName, shareHistoryTime }) => ({
  id: { communicationUserId: communicationIdentifier.communicationUser.id },
  displayName,
  ...(shareHistoryTime && { shareHistoryTime: new Date(shareHistoryTime) }),
});

await run((abortSignal) => {
  const client = new ChatClient(endpoint, new AzureCommunicationTokenCredential(token));
  const thread = client.getChatThreadClient(threadId);
  const { content, ...options } = work.sendMessage.body;
  const { topic } = work.createThread.body;
  const [four, three] = [work.createThread, work.addParticipants].map(({ body }) => ({ participants: body.participants.map(toParticipant) }));
  const sendMessage = () => thread.sendMessage({ content }, options);
  return {
    sendMessage,
    sendMessageWithSignal: () => thread.sendMessage({ content }, { ...options, abortSignal }),
    sendMessageWithUndefined: sendMessage, // the options contain the sender's name and the metadata, so there is no trailing undefined
    createThread: () => client.createChatThread({ topic }, four),
    createThreadWithSignal: () => client.createChatThread({ topic }, { ...four, abortSignal }),
    addParticipants: () => thread.addParticipants(three),
    addParticipantsWithSignal: () => thread.addParticipants(three, { abortSignal }),
    listMessages: () => readAll(thread.listMessages({ maxPageSize: pageSize })),
  };
});
