// The page of the official SDK.

import { AzureCommunicationTokenCredential, ChatClient } from "/official/sdk.js";

import { run } from "./runner.js";
import { endpoint, threadId, token, work } from "./work.js";

const asParticipant = ({ communicationIdentifier, displayName, shareHistoryTime }) => ({
  id: { communicationUserId: communicationIdentifier.communicationUser.id },
  displayName,
  ...(shareHistoryTime && { shareHistoryTime: new Date(shareHistoryTime) }),
});

await run(() => {
  const client = new ChatClient(endpoint, new AzureCommunicationTokenCredential(token));
  const thread = client.getChatThreadClient(threadId);
  const { content, ...options } = work.sendMessage.body;
  const { topic } = work.createThread.body;
  const [four, three] = [work.createThread, work.addParticipants].map(({ body }) => ({ participants: body.participants.map(asParticipant) }));
  return {
    sendMessage: () => thread.sendMessage({ content }, options),
    createThread: () => client.createChatThread({ topic }, four),
    addParticipants: () => thread.addParticipants(three),
  };
});
