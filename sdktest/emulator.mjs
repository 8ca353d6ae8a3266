// The emulator that run.mjs has started: where it is, its users, and what tests may do to it.

import { ChatClient } from "@azure/communication-chat";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";
import { CommunicationIdentityClient } from "@azure/communication-identity";

export const endpoint = process.env.CHATDEV_ENDPOINT;
export const connectionString = process.env.CHATDEV_CONNECTION_STRING;

export const identities = new CommunicationIdentityClient(connectionString);

/** Makes the official client of whoever has the token. */
export function chatOf(token) {
  return new ChatClient(endpoint, new AzureCommunicationTokenCredential(token));
}

/** Makes a user with a token of the given scopes, and the official client. */
export async function newUser(...scopes) {
  const { user, token } = await identities.createUserAndToken(scopes.length > 0 ? scopes : ["chat"]);
  return { user, token, id: user.communicationUserId, chat: chatOf(token) };
}

/** How the official client shows a user in what it answers. */
export function shown({ id }) {
  return { kind: "communicationUser", communicationUserId: id };
}

/** Gives all that an async iterable has. */
export async function all(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}

/** Moves the emulator's clock forward and gives its time. */
export async function advance(milliseconds) {
  const answer = await control("POST", "clock", { advanceMs: milliseconds });
  return new Date((await answer.json()).now);
}

export const hour = 3_600_000;

/** Plants a fault: the fields of a rule are those of the emulator's Rule. */
export const plant = (rule) => control("POST", "faults", rule);

export const clearFaults = () => control("DELETE", "faults");

async function control(method, path, body) {
  const answer = await fetch(new URL(`/emulator/${path}`, endpoint), {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} /emulator/${path}: HTTP ${answer.status} ${await answer.text()}`);
  return answer;
}
