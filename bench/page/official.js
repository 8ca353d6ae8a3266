// The page of the official SDK. contestant.mjs sets where client is.

import { AzureCommunicationTokenCredential, ChatClient } from "client";

import { readAll, run } from "./runner.js";
import { endpoint, pageSize, threadId, token, work } from "./work.js";

const asParticipant = ({ communicationIdentifier, displayName, shareHistoryTime }) => ({
  id: { communicationUserId: communicationIdentifier.communicationUser.id },
  displayName,
  ...(shareHistoryTime && { shareHistoryTime: new Date(shareHistoryTime) }),
});

await run((abortSignal) => {
  const client = new ChatClient(endpoint, new AzureCommunicationTokenCredential(token));
  const thread = client.getChatThreadClient(threadId);
  const { content, ...options } = work.sendMessage.body;
  const { topic } = work.createThread.body;
  const [four, three] = [work.createThread, work.addParticipants].map(({ body }) => ({ participants: body.participants.map(asParticipant) }));
  const sendMessage = () => thread.sendMessage({ content }, options);
  return {
    sendMessage,
    sendMessageWithSignal: () => thread.sendMessage({ content }, { ...options, abortSignal }),
    sendMessageWithUndefined: sendMessage, // the options hold the sender's name and the metadata, so they cannot be undefined
    createThread: () => client.createChatThread({ topic }, four),
    createThreadWithSignal: () => client.createChatThread({ topic }, { ...four, abortSignal }),
    addParticipants: () => thread.addParticipants(three),
    addParticipantsWithSignal: () => thread.addParticipants(three, { abortSignal }),
    listMessages: () => readAll(thread.listMessages({ maxPageSize: pageSize })),
  };
});
