// Tells the other people's clients of changes at once, as a server of your own would (docs/hints.md): those of this page, and of other tabs.

import { callOf } from "./operation_call.js";

/** Passes on what the studio's exchanges change. */
export function hint(studio) {
  const channel = new BroadcastChannel("acschat studio");
  const wake = (threadId, writer) => {
    for (const person of studio.people) if (person !== writer) person.client.wake(threadId);
  };
  studio.exchanges.addEventListener("exchange", ({ detail: { method, outcome, url, person } }) => {
    const threadId = callOf({ method, url })?.ids.threadId;
    if (method === "GET" || outcome === "aborted" || !threadId) return;
    wake(threadId, person);
    channel.postMessage(threadId);
  });
  channel.onmessage = ({ data }) => wake(data);
  // Other programs write, too: such as a cURL command that was copied here.
  addEventListener("focus", () => studio.threads.forEach(({ id }) => wake(id)), { signal: studio.signal });
  studio.signal.addEventListener("abort", () => channel.close());
}
