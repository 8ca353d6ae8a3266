import { initialize, createClient, ChatError, version } from "./chat.js";

// The whole of an embedding: load the module, make a client, call it.

initialize().catch(() => {}); // early, while the page gets a token; whoever waits for it is told what is wrong

async function connect(endpoint, token) {
  await initialize(); // the same promise
  return createClient({ endpoint, token }); // the token, or a function that gets one
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

async function follow(client, threadId, show, signal) {
  // All there is, and then whatever is sent, edited or deleted, as it happens.
  for await (const message of client.watchMessages(threadId, { sinceMessageId: "0", signal })) show(message);
}

// From here on it is all about this page.

const $ = (id) => document.getElementById(id);

const query = new URLSearchParams(location.search);
const me = query.get("user") ?? "jane"; // another tab may be somebody else
let connection; // the promise of a client, unless it failed
let issued; // what the token server put into the fields, if it did: { endpoint, token, id }

function reconnect() {
  connection?.then((client) => client.close(), () => {});
  // A token from the server is asked for again whenever the client needs a
  // fresh one; a token typed in is all there is.
  const token = $("token").value;
  const fresh = async ({ signal }) => (await issueToken(me, signal)).token;
  const made = connect($("endpoint").value.trim(), token && token === issued?.token ? fresh : token);
  connection = made;
  made.then(showConversation, () => {});
  $("connection-error").replaceChildren();
  $("connection-status").replaceChildren("Connecting…");
  made.then(
    () => {
      if (made === connection) $("connection-status").replaceChildren("Ready.");
    },
    (error) => {
      if (made !== connection) return; // a later one took its place
      connection = undefined; // the next step tries again
      $("connection-status").replaceChildren();
      $("connection-error").replaceChildren(...describe(error));
    },
  );
  return made;
}

// step runs action with a client when its form is submitted, one at a time,
// and shows what came of it. A busy button keeps the focus: `disabled` would
// drop it.
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
  return [element("p", "Thread ", element("code", threadId)), ...added(participants, invalidParticipants)];
});

step("add", "Adding participants…", async (client) => {
  const participants = parseParticipants($("add-participants").value);
  return added(participants, await addParticipants(client, $("add-thread").value.trim(), participants));
});

step("send", "Sending the message…", async (client) => {
  const threadId = $("send-thread").value.trim();
  const id = await sendMessage(client, threadId, $("send-content").value, $("send-name").value, $("send-type").value);
  return [element("p", "Message ", element("code", id))];
});

let conversation; // aborts the watch under way: { abort, threadId, client }

// showConversation shows what is in the thread that messages are sent to, and
// follows it until another takes its place.
async function showConversation(client) {
  const threadId = $("send-thread").value.trim();
  if (conversation?.client === client && conversation.threadId === threadId) return;
  conversation?.controller.abort();
  const section = $("conversation");
  section.style.minHeight = `${section.offsetHeight}px`; // a page that got shorter would move a button from under the pointer
  $("messages").replaceChildren();
  $("conversation-error").replaceChildren();
  $("conversation-hint").hidden = threadId !== "";
  if (threadId === "") return void (conversation = undefined);
  const controller = new AbortController();
  conversation = { client, threadId, controller };
  try {
    await follow(client, threadId, (message) => showMessage(client, threadId, message), controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) $("conversation-error").replaceChildren(...describe(error));
  }
}

// showMessage shows a message, in place of what it said before.
function showMessage(client, threadId, message) {
  const item = element("li", ...partsOf(message));
  item.id = `message-${message.id}`;
  const mine = message.senderCommunicationIdentifier?.rawId === issued?.id;
  if (mine && !message.deletedOn) {
    item.append(
      action("Edit", async () => {
        const content = prompt("The message", message.content.message);
        if (content) await client.updateMessage(threadId, message.id, { content });
      }),
      action("Delete", () => client.deleteMessage(threadId, message.id)),
    );
  }
  const before = document.getElementById(item.id);
  if (before) before.replaceWith(item);
  else $("messages").append(item);
}

function partsOf({ type, content = {}, senderDisplayName, editedOn, deletedOn }) {
  const names = () => (content.participants ?? []).map((p) => p.displayName ?? p.communicationIdentifier.rawId).join(", ");
  if (type === "topicUpdated") return [element("em", `The topic is ${content.topic}.`)];
  if (type === "participantAdded") return [element("em", `Added: ${names()}.`)];
  if (type === "participantRemoved") return [element("em", `Removed: ${names()}.`)];
  const text = deletedOn ? element("em", "deleted") : element("span", content.message);
  return [element("strong", senderDisplayName || "Somebody"), text, ...(editedOn ? [element("em", "edited")] : [])];
}

// action makes a button of a message.
function action(name, act) {
  const button = element("button", name);
  button.type = "button";
  button.className = "quiet";
  button.addEventListener("click", async () => {
    $("conversation-error").replaceChildren();
    try {
      await act();
    } catch (error) {
      $("conversation-error").replaceChildren(...describe(error));
    }
  });
  return button;
}

// parseParticipants reads one raw id a line, with an optional display name
// after a comma.
function parseParticipants(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const [id, ...name] = line.split(",");
    const displayName = name.join(",").trim();
    return { communicationIdentifier: id.trim(), ...(displayName && { displayName }) };
  });
}

function added(participants, invalid) {
  const count = element("p", `${participants.length - invalid.length} added`);
  if (invalid.length === 0) return [count];
  const items = invalid.map(({ code, message, target }) =>
    element("li", element("strong", code), ` ${message}`, target ? element("code", target) : ""));
  return [count, element("p", `${invalid.length} not added:`), element("ul", ...items)];
}

// describe turns any error into paragraphs: what happened, then what to do.
function describe(error) {
  const code = error instanceof ChatError ? error.code : error.name;
  const title = element("p", element("strong", code), error.status ? ` HTTP ${error.status}` : "");
  return [title, element("p", error.message), ...(error.hint ? [element("p", error.hint)] : [])];
}

// element puts text in as text: what a service sends is never read as HTML.
function element(tag, ...children) {
  const node = document.createElement(tag);
  node.append(...children);
  return node;
}

// issueToken asks the server of this page for a user to be. chatdev has such
// a route; yours would also check who is asking.
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

async function prefill() {
  const others = ["Alex", "Bob", "Jane"].filter((name) => name.toLowerCase() !== me.toLowerCase());
  const [self, first, second] = await Promise.all([me, ...others.slice(0, 2)].map((user) => issueToken(user)));
  issued = self;
  $("endpoint").value = self.endpoint;
  $("token").value = self.token;
  $("create-participants").value = `${first.id}, ${others[0]}`;
  $("add-participants").value = `${second.id}, ${others[1]}`;
  // Somebody who does not exist, to see how that is reported.
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
