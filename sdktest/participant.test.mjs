// Tests the participants of ChatThreadClient.

import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";

import { advance, all, hour, newUser, shown } from "./emulator.mjs";

let jane, alex, bob;
let thread; // Jane is its only participant

before(async () => {
  [jane, alex, bob] = await Promise.all([newUser(), newUser(), newUser()]);
});

beforeEach(async () => {
  const { chatThread } = await jane.chat.createChatThread({ topic: "Lunch" });
  thread = jane.chat.getChatThreadClient(chatThread.id);
});

const as = (user) => user.chat.getChatThreadClient(thread.threadId);
const newest = async (of) => (await of.listMessages().next()).value;

test("addParticipants, listParticipants, listMessages: with all fields of a participant", async () => {
  const shareHistoryTime = new Date("2026-01-02T03:04:05Z");
  const added = await thread.addParticipants({
    participants: [{ id: alex.user, displayName: "Alex", shareHistoryTime, metadata: { seat: "2" } }, { id: bob.user }],
  });
  assert.deepEqual(added.invalidParticipants ?? [], []);
  const expected = [
    { id: shown(alex), displayName: "Alex", shareHistoryTime, metadata: { seat: "2" } },
    { id: shown(bob), shareHistoryTime: new Date(0) },
  ];
  assert.deepEqual(await all(thread.listParticipants()), [{ id: shown(jane), shareHistoryTime: new Date(0) }, ...expected]);
  const told = await newest(as(bob));
  assert.deepEqual([told.type, told.sequenceId, told.content], ["participantAdded", "3", { participants: expected, initiator: shown(jane) }]);
});

test("addParticipants, listParticipants: reports participants that could not be added", async () => {
  const rejected = [
    [{ communicationUserId: alex.id.replace(/.{12}$/, "000000000000") }, alex.id.replace(/.{12}$/, "000000000000"), "404"],
    [{ communicationUserId: "8:acs:0e2dd5ba-4c2e-4ea4-9d25-d62b4bda1fa5_0e2dd5ba-4c2e-4ea4-9d25-d62b4bda1fa5" }, "8:acs:0e2dd5ba-4c2e-4ea4-9d25-d62b4bda1fa5_0e2dd5ba-4c2e-4ea4-9d25-d62b4bda1fa5", "403"],
    [{ phoneNumber: "+14255550123" }, "4:+14255550123", "403"],
    [{ microsoftTeamsUserId: "45ab2481-1c1c-4005-be24-0ffb879b1130" }, "8:orgid:45ab2481-1c1c-4005-be24-0ffb879b1130", "403"],
    [{ id: "28:something" }, "28:something", "403"],
  ];
  const { invalidParticipants } = await thread.addParticipants({ participants: [...rejected.map(([id]) => ({ id })), { id: alex.user }] });
  assert.deepEqual(invalidParticipants.map(({ target, code }) => [target, code]), rejected.map(([, target, code]) => [target, code]));
  for (const { message } of invalidParticipants) assert.ok(message.length > 0);
  assert.deepEqual((await all(thread.listParticipants())).map(({ id }) => id), [shown(jane), shown(alex)]);
});

test("addParticipants, listParticipants: a participant who is in the thread already stays unchanged", async () => {
  await thread.addParticipants({ participants: [{ id: alex.user, displayName: "Alex" }] });
  const told = await newest(thread);
  await thread.addParticipants({ participants: [{ id: alex.user, displayName: "Another" }] });
  assert.deepEqual((await all(thread.listParticipants()))[1].displayName, "Alex");
  assert.deepEqual(await newest(thread), told);
});

test("addParticipants, listMessages, getMessage: history is shared from shareHistoryTime on", async () => {
  const { id: early } = await thread.sendMessage({ content: "early" });
  const shareHistoryTime = await advance(hour);
  await advance(hour);
  const { id: late } = await thread.sendMessage({ content: "late" });
  await thread.addParticipants({ participants: [{ id: alex.user, shareHistoryTime }, { id: bob.user }] });
  const seen = async (user) => (await all(as(user).listMessages())).flatMap(({ content }) => content.message ?? []);
  assert.deepEqual(await seen(alex), ["late"]);
  assert.deepEqual(await seen(bob), ["late", "early"]);
  assert.equal((await as(alex).getMessage(late)).content.message, "late");
  await assert.rejects(as(alex).getMessage(early), { statusCode: 404, code: "NotFound" });
});

test("listParticipants: by page, and from skip on", async () => {
  const others = await Promise.all([newUser(), newUser(), newUser(), newUser()]);
  await thread.addParticipants({ participants: others.map(({ user }) => ({ id: user })) });
  const expected = [jane, ...others].map(shown);
  const list = async (options) => (await all(thread.listParticipants(options))).map(({ id }) => id);
  assert.deepEqual(await list(), expected);
  assert.deepEqual(await list({ maxPageSize: 2 }), expected);
  assert.deepEqual(await list({ skip: 3 }), expected.slice(3));
  assert.deepEqual(await list({ skip: 1, maxPageSize: 2 }), expected.slice(1));
  assert.deepEqual(await list({ skip: 5 }), []);

  const settings = {};
  const pages = thread.listParticipants({ maxPageSize: 2 }).byPage(settings);
  assert.deepEqual((await pages.next()).value.map(({ id }) => id), expected.slice(0, 2));
  const rest = await all(thread.listParticipants().byPage({ continuationToken: settings.continuationToken }));
  assert.deepEqual(rest.map((page) => page.map(({ id }) => id)), [expected.slice(2, 4), expected.slice(4)]);
});

test("removeParticipant, listParticipants, listMessages: the others see it", async () => {
  await thread.addParticipants({ participants: [{ id: alex.user, displayName: "Alex" }, { id: bob.user }] });
  assert.equal(await thread.removeParticipant(alex.user), undefined);
  assert.deepEqual((await all(thread.listParticipants())).map(({ id }) => id), [shown(jane), shown(bob)]);
  const told = await newest(as(bob));
  assert.equal(told.type, "participantRemoved");
  assert.deepEqual(told.content, { participants: [{ id: shown(alex), displayName: "Alex", shareHistoryTime: new Date(0) }], initiator: shown(jane) });
});

test("removeParticipant, listMessages, listThreads: a removed participant can read the earlier messages only", async () => {
  const jim = await newUser();
  await thread.addParticipants({ participants: [{ id: jim.user }] });
  const { id: before } = await thread.sendMessage({ content: "before" });
  await thread.removeParticipant(jim.user);
  const { id: after } = await thread.sendMessage({ content: "after" });
  assert.deepEqual(await all(jim.chat.listChatThreads()), []);
  const seen = await all(as(jim).listMessages());
  assert.deepEqual(seen.slice(0, 2).map(({ type, id }) => [type, id === before]), [["participantRemoved", false], ["text", true]]);
  const forbidden = { statusCode: 403, code: "Forbidden" };
  await assert.rejects(as(jim).getMessage(after), forbidden);
  await assert.rejects(as(jim).sendMessage({ content: "Hi" }), forbidden);
  await assert.rejects(as(jim).addParticipants({ participants: [{ id: jim.user }] }), forbidden);
  await assert.rejects(all(as(jim).listParticipants()), forbidden);
});

test("removeParticipant: oneself, and then once more by another", async () => {
  await thread.addParticipants({ participants: [{ id: alex.user }] });
  await as(alex).removeParticipant(alex.user);
  const told = await newest(thread);
  assert.deepEqual([told.type, told.content.initiator], ["participantRemoved", shown(alex)]);
  await assert.rejects(thread.removeParticipant(alex.user), { statusCode: 404, code: "NotFound" });
});

test("addParticipants, removeParticipant: a removed participant can be added again", async () => {
  await thread.addParticipants({ participants: [{ id: alex.user }] });
  await thread.removeParticipant(alex.user);
  await thread.addParticipants({ participants: [{ id: alex.user, displayName: "Alex" }] });
  assert.deepEqual((await all(as(alex).listParticipants())).map(({ id, displayName }) => [id, displayName]), [[shown(jane), undefined], [shown(alex), "Alex"]]);
  const { id } = await as(alex).sendMessage({ content: "Back" });
  assert.deepEqual((await thread.getMessage(id)).sender, shown(alex));
});
