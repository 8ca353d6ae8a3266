// The emulator that run.mjs has started, or without one a module in this process: its endpoint, its users, its clock and its faults.

import { ChatClient } from "@azure/communication-chat";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";
import { CommunicationIdentityClient } from "@azure/communication-identity";

import { createEmulator } from "../web/emulator.js";
import { toDiagnostic } from "./differences.mjs";
import { httpClientOf } from "./httpclient.mjs";

const { CHATDEV_ENDPOINT, CHATDEV_CONNECTION_STRING } = process.env;

const module = CHATDEV_ENDPOINT === undefined ? await createEmulator() : undefined;

export const endpoint = module?.endpoint ?? CHATDEV_ENDPOINT;
export const connectionString = module?.connectionString ?? CHATDEV_CONNECTION_STRING;
export const fetch = module?.fetch ?? globalThis.fetch;

/** Options of the official clients. */
export const options = module ? { httpClient: httpClientOf(module.fetch) } : {};

/** Options of ChatClient. The official one ignores fetch. The one of acschat/sdk, which alias.mjs puts in its place, ignores httpClient. */
export const chatOptions = { ...options, fetch };

export const identities = new CommunicationIdentityClient(connectionString, options);

/** Returns the official client for the user of a token. Without idempotency tokens acschat/sdk sends only the test's metadata. */
export function chatOf(token) {
  return new ChatClient(endpoint, new AzureCommunicationTokenCredential(token), { ...chatOptions, idempotencyToken: false });
}

/** Whether ChatClient is the one of acschat/sdk. */
export const isDropIn = import.meta.resolve("@azure/communication-chat").endsWith("/web/sdk.js");

/** Reports whether acschat/sdk runs, and tells run.mjs of a difference from the official client. */
export function differs(t, difference) {
  if (isDropIn) t.diagnostic(toDiagnostic(difference));
  return isDropIn;
}

/** Creates a user. Returns it with a token of the given scopes and with the official client. */
export async function newUser(...scopes) {
  const { user, token } = await identities.createUserAndToken(scopes.length > 0 ? scopes : ["chat"]);
  return { user, token, id: user.communicationUserId, chat: chatOf(token) };
}

/** Returns the official client's form of a user in a result. */
export function shown({ id }) {
  return { kind: "communicationUser", communicationUserId: id };
}

/** Returns all items of an async iterable. */
export async function all(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}

let advanced = 0; // the module's clock says no time

/** Moves the emulator's clock forward. Returns its time. */
export async function advance(milliseconds) {
  if (module) {
    await module.advance(milliseconds);
    advanced += milliseconds;
    return new Date(Date.now() + advanced);
  }
  const answer = await control("POST", "clock", { advanceMs: milliseconds });
  return new Date((await answer.json()).now);
}

export const hour = 3_600_000;

/** Adds a fault. The rule has the fields of the emulator's Rule. */
export const plant = (rule) => (module ? module.fail(rule) : control("POST", "faults", rule));

export const clearFaults = () => (module ? module.clearFaults() : control("DELETE", "faults"));

async function control(method, path, body) {
  const answer = await fetch(new URL(`/emulator/${path}`, endpoint), {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} /emulator/${path}: HTTP ${answer.status} ${await answer.text()}`);
  return answer;
}
