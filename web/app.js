import { initialize, createClient, ChatError, version } from "./chat.js";

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

async function follow(client, threadId, show, signal) {
  // First all messages, then everything that is sent, edited or deleted.
  for await (const message of client.watchMessages(threadId, { sinceMessageId: "0", signal })) show(message);
}

// The rest of this file is about this page only.

const $ = (id) => document.getElementById(id);

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
  attempt.then(showConversation, () => {});
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

let conversation; // the thread that is shown: { client, threadId, controller }; controller ends its watch

// showConversation shows the messages of the thread in the send form, and follows it until another thread is shown.
async function showConversation(client) {
  const threadId = $("send-thread").value.trim();
  if (conversation?.client === client && conversation.threadId === threadId) return;
  conversation?.controller.abort();
  const section = $("conversation");
  section.style.minHeight = `${section.offsetHeight}px`; // keeps the height, so that no button moves away from the pointer
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

// showMessage adds a message to the list, or replaces its earlier version.
function showMessage(client, threadId, message) {
  const item = element("li", ...partsOf(message));
  item.id = `message-${message.id}`;
  const isOwn = message.senderCommunicationIdentifier?.rawId === issued?.id;
  if (isOwn && !message.deletedOn) {
    item.append(
      messageButton("Edit", async () => {
        const content = prompt("The message", message.content.message);
        if (content) await client.updateMessage(threadId, message.id, { content });
      }),
      messageButton("Delete", () => client.deleteMessage(threadId, message.id)),
    );
  }
  const earlier = document.getElementById(item.id);
  if (earlier) earlier.replaceWith(item);
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

// messageButton returns a button that runs an action, and shows its error.
function messageButton(name, action) {
  const button = element("button", name);
  button.type = "button";
  button.className = "quiet";
  button.addEventListener("click", async () => {
    $("conversation-error").replaceChildren();
    try {
      await action();
    } catch (error) {
      $("conversation-error").replaceChildren(...describe(error));
    }
  });
  return button;
}

// parseParticipants reads one participant per line: a raw id and, after a comma, an optional display name.
function parseParticipants(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const [id, ...name] = line.split(",");
    const displayName = name.join(",").trim();
    return { communicationIdentifier: id.trim(), ...(displayName && { displayName }) };
  });
}

// addedSummary says how many participants were added, and why others were not.
function addedSummary(participants, invalid) {
  const count = element("p", `${participants.length - invalid.length} added`);
  if (invalid.length === 0) return [count];
  const items = invalid.map(({ code, message, target }) =>
    element("li", element("strong", code), ` ${message}`, target ? element("code", target) : ""));
  return [count, element("p", `${invalid.length} not added:`), element("ul", ...items)];
}

// describe returns an error as paragraphs: the code, the message and the hint.
function describe(error) {
  const code = error instanceof ChatError ? error.code : error.name;
  const title = element("p", element("strong", code), error.status ? ` HTTP ${error.status}` : "");
  return [title, element("p", error.message), ...(error.hint ? [element("p", error.hint)] : [])];
}

// element returns an element. Strings become text, so that nothing from the service is parsed as HTML.
function element(tag, ...children) {
  const node = document.createElement(tag);
  node.append(...children);
  return node;
}

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
