// A page of the official SDK. Its bundler puts acschat/sdk in the SDK's place.

import { ChatClient } from "@azure/communication-chat";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";

async function issueToken() {
  const response = await fetch("/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "jane" }),
  });
  if (!response.ok) throw new Error(`no token: HTTP ${response.status}`);
  return response.json();
}

export async function greet() {
  const { endpoint } = await issueToken();
  const credential = new AzureCommunicationTokenCredential({ tokenRefresher: async () => (await issueToken()).token });
  const chat = new ChatClient(endpoint, credential, { allowInsecureConnection: true });
  const { chatThread } = await chat.createChatThread({ topic: "Drop-in" });
  const thread = chat.getChatThreadClient(chatThread.id);
  const { id } = await thread.sendMessage({ content: "Hi" }, { senderDisplayName: "Jane" });
  const { metadata } = await thread.getMessage(id);
  document.title = Object.keys(metadata ?? {}).join(); // the SDK sends none
  document.body.append(`Message ${id} is in thread ${chatThread.id}.`);
}
