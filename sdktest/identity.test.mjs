// Tests CommunicationIdentityClient: users and their tokens.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CommunicationIdentityClient } from "@azure/communication-identity";

import { advance, all, chatOf, connectionString, endpoint, hour, identities, options } from "./emulator.mjs";

const minute = 60_000;

/** Returns the claims of a token. */
function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
}

function assertExpiresIn(expiresOn, milliseconds, now) {
  assert.ok(expiresOn instanceof Date);
  const difference = expiresOn - now - milliseconds;
  assert.ok(Math.abs(difference) < 10_000, `expires ${difference} ms off`);
}

test("createIdentity: a user has a raw id of the resource", async () => {
  const [one, another] = [await identities.createUser(), await identities.createUser()];
  const form = /^8:acs:[\da-f-]{36}_[\da-f-]{36}$/;
  assert.match(one.communicationUserId, form);
  assert.match(another.communicationUserId, form);
  assert.notEqual(one.communicationUserId, another.communicationUserId);
  assert.equal(one.communicationUserId.split("_")[0], another.communicationUserId.split("_")[0]);
});

test("createIdentity: with a token for a day, or for the requested time", async () => {
  const now = await advance(0);
  const { user, token, expiresOn } = await identities.createUserAndToken(["chat", "voip"]);
  assertExpiresIn(expiresOn, 24 * hour, now);
  assert.deepEqual(claimsOf(token).acsScope.split(","), ["chat", "voip"]);
  assert.equal("8:" + claimsOf(token).skypeid, user.communicationUserId);
  assert.equal(claimsOf(token).exp, Math.floor(expiresOn / 1000));

  const brief = await identities.createUserAndToken(["chat"], { tokenExpiresInMinutes: 61 });
  assertExpiresIn(brief.expiresOn, 61 * minute, now);
});

test("createIdentity: with an endpoint and a credential instead of a connection string", async () => {
  const key = connectionString.split("accesskey=")[1];
  const { token } = await new CommunicationIdentityClient(endpoint, { key }, options).createUserAndToken(["chat"]);
  assert.deepEqual(await all(chatOf(token).listChatThreads()), []);
});

test("createIdentity: a wrong key is a 401", async () => {
  const wrong = new CommunicationIdentityClient(endpoint, { key: Buffer.from("another key").toString("base64") }, options);
  await assert.rejects(wrong.createUser(), { name: "RestError", statusCode: 401, code: "Unauthorized" });
});

for (const scope of ["chat", "chat.join", "chat.join.limited", "voip", "voip.join"]) {
  test(`issueAccessToken: with the scope ${scope}`, async () => {
    const user = await identities.createUser();
    const now = await advance(0);
    const { token, expiresOn } = await identities.getToken(user, [scope]);
    assertExpiresIn(expiresOn, 24 * hour, now);
    assert.equal(claimsOf(token).acsScope, scope);
    assert.equal("8:" + claimsOf(token).skypeid, user.communicationUserId);
    if (scope.startsWith("chat")) {
      assert.deepEqual(await all(chatOf(token).listChatThreads()), []);
    } else {
      await assert.rejects(all(chatOf(token).listChatThreads()), { statusCode: 403, code: "Forbidden" });
    }
  });
}

test("issueAccessToken: for the requested time, from an hour to a day", async () => {
  const user = await identities.createUser();
  const now = await advance(0);
  for (const minutes of [60, 1440]) {
    const { token, expiresOn } = await identities.getToken(user, ["chat"], { tokenExpiresInMinutes: minutes });
    assertExpiresIn(expiresOn, minutes * minute, now);
    assert.equal(claimsOf(token).exp, Math.floor(expiresOn / 1000));
  }
  for (const minutes of [59, 1441]) {
    await assert.rejects(identities.getToken(user, ["chat"], { tokenExpiresInMinutes: minutes }), { statusCode: 400, code: "BadRequest", message: /expiresInMinutes/ });
  }
});

test("issueAccessToken: an unknown scope and an unknown user are refused", async () => {
  const user = await identities.createUser();
  await assert.rejects(identities.getToken(user, ["mail"]), { statusCode: 400, code: "BadRequest", message: /scopes/ });
  await assert.rejects(identities.getToken(user, []), { statusCode: 400, code: "BadRequest", message: /scopes/ });
  const nobody = { communicationUserId: user.communicationUserId.replace(/.{12}$/, "000000000000") };
  await assert.rejects(identities.getToken(nobody, ["chat"]), { statusCode: 404, code: "NotFound" });
});

test("revokeAccessTokens: ends the tokens issued before, not those issued later", async () => {
  const { user, token } = await identities.createUserAndToken(["chat"]);
  const other = await identities.getToken(user, ["chat"]);
  assert.equal(await identities.revokeTokens(user), undefined);
  for (const revoked of [token, other.token]) {
    await assert.rejects(all(chatOf(revoked).listChatThreads()), { statusCode: 401, code: "Unauthorized", message: /revoked/ });
  }
  const { token: fresh } = await identities.getToken(user, ["chat"]);
  assert.deepEqual(await all(chatOf(fresh).listChatThreads()), []);
});

test("deleteIdentity: its tokens end, and no more are issued", async () => {
  const { user, token } = await identities.createUserAndToken(["chat"]);
  assert.equal(await identities.deleteUser(user), undefined);
  await assert.rejects(all(chatOf(token).listChatThreads()), { statusCode: 401, code: "Unauthorized" });
  await assert.rejects(identities.getToken(user, ["chat"]), { statusCode: 404, code: "NotFound" });
  await assert.rejects(identities.revokeTokens(user), { statusCode: 404, code: "NotFound" });
  await assert.rejects(identities.deleteUser(user), { statusCode: 404, code: "NotFound" });
});
