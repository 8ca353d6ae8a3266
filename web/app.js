import { initialize, createClient, version } from "./chat.js";

// All that an embedding needs: load the module, create a client, call it.

initialize().catch(() => {}); // early, while the page gets a token; errors surface where you await initialize() again

async function connect(endpoint, token) {
  await initialize(); // the same promise
  return createClient({ endpoint, token }); // the token, or a function that returns one
}

async function createThread(client, topic, participants) {
  const { chatThread, invalidParticipants } = await client.createThread({ topic, participants });
  return { threadId: chatThread.id, invalidParticipants };
}

async function addParticipants(client, threadId, participants) {
  const { invalidParticipants } = await client.addParticipants(threadId, { participants });
  return invalidParticipants;
}

async function sendMessage(client, threadId, content, senderDisplayName, type) {
  const { id } = await client.sendMessage(threadId, { content, senderDisplayName, type });
  return id;
}

function openConversation(client, threadId, render) {
  // The messages, also those that are still being sent, the participants, and what is unread.
  const conversation = client.openConversation(threadId);
  conversation.subscribe(() => render(conversation.getSnapshot()));
  return conversation;
}

// The rest of this file is about this page only.

import {
  $, addedSummary, describe, element, inboxStatusOf, itemsOf, parseParticipants, showErrors, statusOf, threadItemsOf, update,
} from "./view.js";

const query = new URLSearchParams(location.search);
const me = query.get("user") ?? "jane"; // ?user=alex makes another tab another user
let connection; // the promise of the client, or undefined after it failed
let issued; // what the token server returned: { endpoint, token, id }; undefined without a token server

function reconnect() {
  connection?.then((client) => client.close(), () => {});
  // The client refreshes a token from the server with a callback. A token that was typed in cannot be refreshed.
  const token = $("token").value;
  const tokenCallback = async ({ signal }) => (await issueToken(me, signal)).token;
  const attempt = connect($("endpoint").value.trim(), token && token === issued?.token ? tokenCallback : token);
  connection = attempt;
  attempt.then((client) => {
    showInbox(client);
    showConversation(client);
  }, () => {});
  $("connection-error").replaceChildren();
  $("connection-status").replaceChildren("Connecting…");
  attempt.then(
    () => {
      if (attempt === connection) $("connection-status").replaceChildren("Ready.");
    },
    (error) => {
      if (attempt !== connection) return; // there is a later attempt
      connection = undefined; // the next form that is submitted tries again
      $("connection-status").replaceChildren();
      $("connection-error").replaceChildren(...describe(error));
    },
  );
  return attempt;
}

// step calls action with a client when the form is submitted, and shows its result or error. It ignores clicks while an action runs.
// The button is not `disabled` then, because it would lose the focus.
function step(name, progress, action) {
  const form = $(name);
  const button = form.querySelector("button");
  const result = $(`${name}-result`);
  const failure = $(`${name}-error`);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    failure.replaceChildren();
    result.replaceChildren(element("p", progress));
    try {
      const client = await (connection ?? reconnect());
      result.replaceChildren(...(await action(client)));
    } catch (error) {
      result.replaceChildren();
      failure.replaceChildren(...describe(error));
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}

step("create", "Creating the thread…", async (client) => {
  const participants = parseParticipants($("create-participants").value);
  const { threadId, invalidParticipants } = await createThread(client, $("create-topic").value, participants);
  $("add-thread").value = $("send-thread").value = threadId;
  showConversation(client);
  return [element("p", "Thread ", element("code", threadId)), ...addedSummary(participants, invalidParticipants)];
});

step("add", "Adding participants…", async (client) => {
  const participants = parseParticipants($("add-participants").value);
  return addedSummary(participants, await addParticipants(client, $("add-thread").value.trim(), participants));
});

step("send", "Sending the message…", async (client) => {
  const threadId = $("send-thread").value.trim();
  const id = await sendMessage(client, threadId, $("send-content").value, $("send-name").value, $("send-type").value);
  return [element("p", "Message ", element("code", id))];
});

let inbox; // of the client whose threads are shown

// showInbox lists the client's threads. When the client is closed, the inbox is, too.
function showInbox(client) {
  const own = (inbox = client.openInbox());
  const itemOf = threadItemsOf((threadId) => {
    $("add-thread").value = $("send-thread").value = threadId;
    showConversation(client);
  });
  own.subscribe(render);
  render();

  function render() {
    if (inbox !== own) return;
    const snapshot = own.getSnapshot();
    const focused = document.activeElement.dataset.thread;
    update($("threads"), snapshot.threads.map(itemOf));
    markShownThread();
    if (focused !== undefined && document.activeElement === document.body) buttonOf(focused)?.focus();
    const status = inboxStatusOf(snapshot);
    if ($("inbox-status").textContent !== status) $("inbox-status").textContent = status;
  }
}

const buttonOf = (threadId) => [...$("threads").querySelectorAll("button")].find(({ dataset }) => dataset.thread === threadId);

function markShownThread() {
  for (const button of $("threads").querySelectorAll("button")) button.setAttribute("aria-current", button.dataset.thread === shown?.threadId);
}

let shown; // the thread that is shown: { client, threadId, conversation, render }

// showConversation shows the messages of the thread in the send form, and follows it until another thread is shown.
function showConversation(client) {
  const threadId = $("send-thread").value.trim();
  if (shown?.client === client && shown.threadId === threadId) return;
  shown?.conversation.close();
  shown = undefined;
  const section = $("conversation");
  section.style.minHeight = `${section.offsetHeight}px`; // keeps the height, so that no button moves away from the pointer
  $("messages").replaceChildren();
  $("conversation-status").textContent = "";
  $("conversation-hint").hidden = threadId !== "";
  $("older").hidden = $("compose").hidden = true;
  if (threadId !== "") showErrors(() => follow(client, threadId));
  markShownThread();
}

function follow(client, threadId) {
  const conversation = openConversation(client, threadId, render);
  const itemOf = itemsOf(client, threadId, conversation);
  shown = { client, threadId, conversation, render };
  render(conversation.getSnapshot());

  function render(snapshot) {
    if (shown?.conversation !== conversation) return;
    update($("messages"), snapshot.messages.map(itemOf));
    const status = statusOf(snapshot);
    if ($("conversation-status").textContent !== status) $("conversation-status").textContent = status; // or screen readers repeat it
    $("older").hidden = !snapshot.hasOlder;
    $("compose").hidden = snapshot.status === "ended";
    if (snapshot.unreadCount > 0 && !document.hidden) conversation.markRead().catch(() => {}); // the next change tries again
  }
}

document.addEventListener("visibilitychange", () => shown?.render(shown.conversation.getSnapshot()));
$("older").addEventListener("click", () => showErrors(() => shown.conversation.loadOlder()));
$("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  showErrors(() => {
    shown.conversation.send({ content: $("compose-content").value, senderDisplayName: $("send-name").value });
    $("compose-content").value = "";
  });
});

// issueToken gets a token for a user from the server of this page. chatdev has this route. In production the server must check who asks.
async function issueToken(user, signal) {
  const response = await fetch("token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user }),
    signal,
  });
  const body = await response.json().catch(() => ({}));
  if (!body.token) throw new Error(body.error?.message ?? `no token server here (HTTP ${response.status})`);
  return body;
}

// prefill fills in the fields with users that the token server issues.
async function prefill() {
  const others = ["Alex", "Bob", "Jane"].filter((name) => name.toLowerCase() !== me.toLowerCase());
  const [self, first, second] = await Promise.all([me, ...others.slice(0, 2)].map((user) => issueToken(user)));
  issued = self;
  $("endpoint").value = self.endpoint;
  $("token").value = self.token;
  $("create-participants").value = `${first.id}, ${others[0]}`;
  $("add-participants").value = `${second.id}, ${others[1]}`;
  // With the emulator, add a user who does not exist, to show how that is reported.
  if (/(^|\.)localhost\.?$|^127(\.\d+){3}$|^\[::1\]$/.test(new URL(self.endpoint).hostname)) {
    $("add-participants").value += `\n${self.id.replace(/_.*/, "_00000000-0000-0000-0000-000000000000")}, Nobody`;
  }
  $("send-name").value = me[0].toUpperCase() + me.slice(1);
}

$("version").textContent = version;
$("add-thread").value = $("send-thread").value = query.get("thread") ?? "";
$("connection").addEventListener("change", reconnect);
$("send-thread").addEventListener("change", () => connection?.then(showConversation, () => {}));
try {
  await prefill();
  reconnect();
} catch (error) {
  $("connection-status").replaceChildren(`Fill in an endpoint and a token: ${error.message}.`);
}
