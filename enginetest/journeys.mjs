// The journeys, by name. A journey is a function of a browser and the site. It may return a note for the table.

import assert from "node:assert/strict";
import { resolve } from "node:path";

import { startStaticSite } from "./static_site.mjs";

import { accessibility } from "./accessibility.mjs";

export const journeys = {
  "createThread, addParticipants, sendMessage": inPage("mainJob"),
  lists: inPage("lists"),
  "a watch": inPage("watch"),
  abort: inPage("abort"),
  errors: inPage("errors"),
  "exactly once over a lost answer": exactlyOnce,
  "two tabs with one token at once": twoTabs,
  "the demo page, clicked through": demoPage,
  "the demo page, checked by axe-core": accessibility,
  "the bridge without chat.js": bridge,
  "the emulator in the page, without a network": withoutNetwork,
};

/** Returns a journey that calls a function of web/journeys.js in the page. */
function inPage(name) {
  return async ({ tab }, site) => {
    await openJourneys(tab, site);
    await call(tab, name, site);
  };
}

async function openJourneys(tab, { page }) {
  await tab.open(new URL("journeys.html", page).href);
  await tab.waitForText("title", "ready");
}

function call(tab, name, ...args) {
  return tab.run((name, args) => globalThis.journeys[name](...args), name, args);
}

async function exactlyOnce({ tab }, site) {
  const faults = new URL("/emulator/faults", site.endpoint);
  const response = await fetch(faults, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ operation: "sendMessage", call: 1, drop: true, after: true }) });
  assert.ok(response.ok, await response.text());
  try {
    await openJourneys(tab, site);
    await call(tab, "exactlyOnce", site);
  } finally {
    await fetch(faults, { method: "DELETE" });
  }
}

async function twoTabs(browser, site) {
  const { tab } = browser;
  const other = await browser.newTab();
  try {
    const tabs = [tab, other];
    for (const each of tabs) await openJourneys(each, site);
    const draft = await call(tab, "prepareDraft", site);
    for (const each of tabs) await call(each, "awaitStart", site, draft);
    await call(tab, "startTabs");
    const [a, b] = [await call(tab, "sent"), await call(other, "sent")];
    assert.ok(Math.max(a.from, b.from) < Math.min(a.to, b.to), "both tabs send at the same time");
    assert.equal(a.id, b.id);
    assert.equal(a.posts + b.posts, 1, "one tab sends the message, the other finds it");
    assert.deepEqual(await call(tab, "listTexts", site, draft.threadId), [[a.id, "From two tabs"]]);
    return (await call(tab, "hasWebLocks")) ? "Web Locks" : "no Web Locks";
  } finally {
    await other.close();
  }
}

async function demoPage({ tab }, { page, endpoint, users }) {
  const text = `At noon? ${Date.now()}`; // all engines use one service
  await tab.open(page);
  await tab.waitForText("#person-0 .messages", "joined");
  await tab.fill("#message-0", text);
  await tab.click("Send as Jane");
  await tab.waitForText("#person-1 .messages", text);
  const headers = { Authorization: `Bearer ${users.jane.token}` };
  const list = (path) => fetch(`${endpoint}/chat/threads${path}?api-version=2025-03-15`, { headers }).then((answer) => answer.json());
  const { value: threads } = await list("");
  const messages = await Promise.all(threads.map(async ({ id }) => (await list(`/${encodeURIComponent(id)}/messages`)).value));
  assert.equal(messages.flat().filter(({ content }) => content.message === text).length, 1);
}

/** Runs the page from "Without modules" in docs/bundlers.md. */
async function bridge({ tab }, { page, endpoint, users }) {
  await tab.open(new URL("classic/index.html", page).href);
  await tab.waitForText("body", "is in thread 19:");
  const [, messageId, threadId] = /Message (\d+) is in thread (\S+)\./.exec(await tab.text("body"));
  await requireSent({ endpoint, users }, threadId, messageId, "Hi");
}

/** Shuts down the page's servers once the page has loaded. */
async function withoutNetwork({ tab }) {
  const site = await startStaticSite(resolve("web"));
  try {
    await tab.open(`${site.page}offline.html?modules=${encodeURIComponent(site.modules)}`);
    await tab.waitForText("title", "ready");
    const runsIn = await tab.run(() => globalThis.offline.load());
    assert.equal(await tab.run(() => globalThis.offline.reaches()), true, "before the network is cut");
    await site.cut();
    assert.equal(await tab.run(() => globalThis.offline.reaches()), false, "after");
    assert.deepEqual(await tab.run(() => globalThis.offline.talk()), ["At noon? At one.", "At noon? At one."]);
    return `in a ${runsIn}`;
  } finally {
    await site.cut();
  }
}

/** Checks that the emulator has stored a message of Jane. */
async function requireSent({ endpoint, users }, threadId, messageId, content) {
  const url = new URL(`/chat/threads/${encodeURIComponent(threadId)}/messages/${messageId}?api-version=2025-03-15`, endpoint);
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${users.jane.token}` } });
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).content.message, content);
}
