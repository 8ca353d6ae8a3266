// The guided run: the answer to the next message is lost, and what the client does is told step by step.

import { button, element, showingErrors } from "../view.js";
import { announce } from "./announcer.js";

const lost = { title: "Lose the answer", operation: "sendMessage", loses: "answer" };

/** Fills root, a section, with the guided run. */
export function mountGuide(root, studio) {
  const steps = element("ol", { class: "steps" });
  const problem = element("div", { class: "problem", role: "alert" });
  const showErrors = showingErrors(problem);
  const run = (action) => () => showErrors(async () => {
    if (root.dataset.runs) return;
    root.dataset.runs = "";
    steps.replaceChildren();
    try {
      await action(studio, studio.people[0], (text, isResult) => {
        steps.append(element("li", { class: isResult ? "result" : "" }, text));
        announce(text);
      });
    } finally {
      delete root.dataset.runs;
    }
  });
  root.append(
    element("h2", {}, "Why exactly-once matters"),
    element("p", {}, "The service stores a message, and the answer gets lost on the way. Was it sent? Each button sends a message, and loses its answer."),
    element("div", { class: "choices" }, button("Lose the answer of the next message", run(runWithConversation), { class: "main" }), button("The same with a plain retry", run(runWithPlainRetry))),
    steps, problem,
  );
}

/** Sends a message whose answer is lost, in the conversation. */
async function runWithConversation(studio, person, tell) {
  const { threadId, conversation } = requireThread(studio, person);
  const text = `Is this here once? (${time()})`;
  const name = person.displayName;
  let posts = 0, isFound = false;
  const follow = ({ detail: { operation, method, outcome, status, responseBody, person: writer } }) => {
    if (writer !== person) return;
    if (method === "POST" && operation === "sendMessage") {
      posts++;
      if (status === undefined) tell(`${name}’s client has sent the message, with an idempotency token in its metadata. The service has stored it. The answer is lost: the attempt ends as ${outcome}.`);
      else tell(`The client has not found the message, and has sent it again: HTTP ${status}.`);
      if (posts === 1) tell(`The client does not know whether the message has arrived. It does not send it again. It looks for the token in the newest messages.`);
    } else if (posts > 0 && !isFound && responseBody?.includes(JSON.stringify(text))) {
      isFound = true;
      tell(`The client has found the token in the answer to ${operation}: the message has arrived.`);
    }
  };
  studio.exchanges.addEventListener("exchange", follow);
  try {
    studio.faults.plant({ ...lost, person });
    const { done } = conversation.send({ content: text });
    await done;
    const count = await countOf(person, threadId, text);
    tell(`The message is in the thread ${timesOf(count)}, after ${posts === 1 ? "one POST" : `${posts} POSTs`}. Both columns show it. A client that simply sends again would show it twice: try the other button.`, true);
  } finally {
    studio.exchanges.removeEventListener("exchange", follow);
  }
}

/** Does what many clients do: it sends again after a lost answer, without looking. */
async function runWithPlainRetry(studio, person, tell) {
  const { threadId } = requireThread(studio, person);
  const text = `Is this here twice? (${time()})`;
  const send = () => studio.calls.sendMessage(person.client, threadId, text, person.displayName);
  studio.faults.plant({ ...lost, person });
  try {
    await send();
  } catch (error) {
    tell(`sendMessage without an idempotency token rejects with ${error.code}, because the message may have arrived. Suppose that the page ignores this, and calls again.`);
  }
  await send();
  const count = await countOf(person, threadId, text);
  tell(`The message is in the thread ${timesOf(count)}. A conversation, or sendMessage with an idempotencyToken, prevents that.`, true);
}

function requireThread(studio, person) {
  const shown = studio.shownOf(person);
  if (!shown) throw new Error(`Open a thread in ${person.displayName}’s column first`);
  return shown;
}

async function countOf({ client }, threadId, text) {
  let count = 0;
  for await (const page of client.listMessages(threadId, { maxPageSize: 50 }).byPage()) {
    count += page.value.filter(({ content }) => content?.message === text).length;
    break; // the newest messages are enough
  }
  return count;
}

const timesOf = (count) => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);
const time = () => new Date().toLocaleTimeString();
