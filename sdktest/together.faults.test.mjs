// Tests both clients with the same faults, in the first attempt of a call. The clients have their default options, except that ours and acschat/sdk
// have a shorter timeout. run.mjs prints the outcomes as a table. Ours and acschat/sdk must be right; the official client's outcomes are only reported.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import { ChatClient } from "@azure/communication-chat";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";

import { clientOf } from "./both.mjs";
import { all, chatOptions, endpoint, fetch, identities, isDropIn, newUser } from "./emulator.mjs";
import { isRight, toDiagnostic } from "./faulttable.mjs";

const timeoutMs = 5_000; // of our client and acschat/sdk
const limitMs = 20_000; // of the test: the official client has no timeout

const faults = {
  "connection dropped before the work": { drop: true },
  "connection dropped after the work": { drop: true, after: true },
  "answer cut off after the work": { cut: true },
  ...Object.fromEntries([408, 500, 502, 503, 504].map((status) => [`${status} after the work`, { status, after: true }])),
  "503 before the work": { status: 503 },
  "429 with Retry-After": { status: 429, retryAfter: 1 },
  "429 without Retry-After": { status: 429 },
  "401, then a fresh token": { status: 401 },
  "no answer, and no work": { hang: true },
  "no answer after the work": { hang: true, after: true },
};

const freshToken = ({ user }) => async () => (await identities.getToken(user, ["chat"])).token;

/** Returns a function for the headers of each request. The first request has the fault. */
function faultOnce(fault) {
  const left = [{ "x-emulator-fault": JSON.stringify(fault) }];
  return () => left.pop() ?? {};
}

/** Returns an official client whose first request fails. */
function theirsFailing(user, fault) {
  const headers = faultOnce(fault);
  const policy = {
    name: "faultPolicy",
    sendRequest(request, next) {
      request.headers.delete("x-emulator-fault");
      for (const [name, value] of Object.entries(headers())) request.headers.set(name, value);
      return next(request);
    },
  };
  const credential = new AzureCommunicationTokenCredential({ token: user.token, tokenRefresher: freshToken(user) });
  const faultyFetch = (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers() } }); // for acschat/sdk
  return new ChatClient(endpoint, credential, { additionalPolicies: [{ policy, position: "perRetry" }], ...chatOptions, fetch: faultyFetch });
}

const theirs = isDropIn ? "sdk" : "SDK";
const theirOptions = isDropIn ? { requestOptions: { timeout: timeoutMs } } : {};

/** Returns a client of ours whose first request fails. */
function oursFailing(user, fault) {
  const headers = faultOnce(fault);
  return clientOf(freshToken(user), { timeoutMs, fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers() } }) });
}

/** For each operation: how each client calls it, what it needs before, and what it has created. */
const operations = {
  sendMessage: {
    clients: {
      [theirs]: async (user, fault, { threadId, signal }) => (await theirsFailing(user, fault).getChatThreadClient(threadId).sendMessage({ content: "Once" }, { abortSignal: signal, ...theirOptions })).id,
      ours: async (user, fault, { threadId, signal }) => (await oursFailing(user, fault).sendMessage(threadId, { content: "Once" }, { signal })).id,
      "ours with a token": async (user, fault, { threadId, signal }) => (await oursFailing(user, fault).sendMessage(threadId, { content: "Once" }, { signal, idempotencyToken: true })).id,
    },
    prepare: async ({ chat }) => ({ threadId: (await chat.createChatThread({ topic: "Lunch" })).chatThread.id }),
    there: async ({ chat }, { threadId }) => (await all(chat.getChatThreadClient(threadId).listMessages())).filter(({ type }) => type === "text"),
  },
  createThread: {
    clients: {
      [theirs]: async (user, fault, { signal }) => (await theirsFailing(user, fault).createChatThread({ topic: "Once" }, { abortSignal: signal, ...theirOptions })).chatThread.id,
      ours: async (user, fault, { signal }) => (await oursFailing(user, fault).createThread({ topic: "Once" }, { signal })).chatThread.id,
      "ours with a token": async (user, fault, { signal }) => (await oursFailing(user, fault).createThread({ topic: "Once" }, { signal, idempotencyToken: crypto.randomUUID() })).chatThread.id,
    },
    prepare: async () => ({}),
    there: ({ chat }) => all(chat.listChatThreads()),
  },
};

/** Returns the outcome of a call: its error code, and how often the operation was done. */
async function outcomeOf({ prepare, there }, call, fault) {
  const user = await newUser();
  const place = await prepare(user);
  const leave = new AbortController();
  const timer = setTimeout(() => leave.abort(), limitMs);
  const verdict = await call(user, fault, { ...place, signal: leave.signal }).then(
    (id) => ({ id }),
    (error) => ({ code: leave.signal.aborted ? `nothing in ${limitMs / 1000} s` : String(error.code ?? error.statusCode ?? error.name) }),
  );
  clearTimeout(timer);
  const ids = (await there(user, place)).map(({ id }) => id);
  return { code: verdict.code, count: ids.length, isTheOne: isDeepStrictEqual(ids, [verdict.id]) };
}

describe("faults", { concurrency: true }, () => {
  for (const [operation, { clients, ...rest }] of Object.entries(operations)) {
    for (const [fault, rule] of Object.entries(faults)) {
      test(`${operation}: ${fault}`, async (t) => {
        const outcomes = await Promise.all(Object.values(clients).map((call) => outcomeOf(rest, call, rule)));
        Object.keys(clients).forEach((client, i) => t.diagnostic(toDiagnostic({ operation, fault, client, ...outcomes[i] })));
        const ours = isDropIn ? outcomes : outcomes.slice(1);
        for (const outcome of ours) assert.ok(isRight(outcome), JSON.stringify(outcome));
      });
    }
  }
});
