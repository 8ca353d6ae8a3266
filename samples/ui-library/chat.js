// The chat's side of the page: users and a thread on the emulator, and an adapter of the UI library for each user.

import { createAzureCommunicationChatAdapterFromClient, createStatefulChatClient } from "@azure/communication-react";
import { ChatClient } from "acschat/sdk";
import { createEmulator } from "acschat/emulator";

const emulator = await createEmulator({ users: ["Jane", "Alex", "Bob"], worker: false });
const { endpoint, fetch, users } = emulator;

const idOf = (name) => ({ communicationUserId: users[name].id });
const credentialOf = (name) => ({ getToken: async () => ({ token: users[name].token, expiresOnTimestamp: Date.now() + 3_600_000 }) });

const jane = new ChatClient(endpoint, credentialOf("Jane"), { fetch });
const participants = ["Jane", "Alex"].map((name) => ({ id: idOf(name), displayName: name }));
const { chatThread } = await jane.createChatThread({ topic: "Lunch" }, { participants });
const thread = jane.getChatThreadClient(chatThread.id);

/** Returns what ChatComposite shows to a user. */
export async function connect(name) {
  const user = { userId: idOf(name), displayName: name, endpoint, credential: credentialOf(name) };
  const client = createStatefulChatClient(user, { chatClientOptions: { fetch } });
  const threadClient = client.getChatThreadClient(chatThread.id);
  await client.startRealtimeNotifications();
  return createAzureCommunicationChatAdapterFromClient(client, threadClient);
}

export const addBob = () => thread.addParticipants({ participants: [{ id: idOf("Bob"), displayName: "Bob" }] });
export const removeBob = () => thread.removeParticipant(idOf("Bob"));

/** Makes the emulator store the next message and drop the connection instead of answering. */
export const loseNextAnswer = () => emulator.fail({ operation: "sendMessage", call: 1, drop: true, after: true });
