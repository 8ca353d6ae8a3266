// Tests both chat clients with tokens from the official identity client.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assertFailAlike, clientOf } from "./both.mjs";
import { advance, all, chatOf, hour, identities, newUser } from "./emulator.mjs";

test("createIdentity, issueAccessToken: a token of the official client works in ours, with its scope", async () => {
  const user = await identities.createUser();
  const { token } = await identities.getToken(user, ["chat.join"]);
  const client = clientOf(token);
  assert.deepEqual(await all(client.listThreads()), []);
  await assertFailAlike(() => chatOf(token).createChatThread({ topic: "Lunch" }), () => client.createThread({ topic: "Lunch" }), 403, "Forbidden");
  client.close();
});

test("issueAccessToken: an expired token is refused in both, and a fresh one works in both", async () => {
  const { user, token } = await identities.createUserAndToken(["chat"], { tokenExpiresInMinutes: 60 });
  const client = clientOf(token);
  assert.deepEqual(await all(client.listThreads()), []);
  await advance(hour);
  await assertFailAlike(() => all(chatOf(token).listChatThreads()), () => all(client.listThreads()), 401, "Unauthorized");
  client.close();
  const { token: fresh } = await identities.getToken(user, ["chat"]);
  const renewed = clientOf(fresh);
  assert.deepEqual(await all(chatOf(fresh).listChatThreads()), await all(renewed.listThreads()));
  renewed.close();
});

test("revokeAccessTokens, deleteIdentity: end a token for both", async () => {
  const [revoked, deleted] = [await newUser(), await newUser()];
  await identities.revokeTokens(revoked.user);
  await identities.deleteUser(deleted.user);
  for (const { token, chat } of [revoked, deleted]) {
    const client = clientOf(token);
    await assertFailAlike(() => all(chat.listChatThreads()), () => all(client.listThreads()), 401, "Unauthorized");
    client.close();
  }
});
