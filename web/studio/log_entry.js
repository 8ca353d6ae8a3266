// What the log says about an attempt. An entry is described in exchanges.js.

/** Whether an entry is a read that nobody has asked for: conversations and inboxes poll all the time. */
export const isPoll = ({ operation, outcome, isRun }) => !isRun && /^(watch|list|get)/.test(operation) && outcome === "success";

export const isFailure = ({ outcome }) => outcome !== "success";

/** Returns the class of a row: ok, refused (4xx) or failed (5xx, no answer). */
export function levelOf({ status, outcome }) {
  if (outcome === "success") return "ok";
  return status >= 400 && status < 500 ? "refused" : "failed";
}

/**
 * Says what the client did after an attempt. following is the entry that answers that: of the call's next attempt, or of a poll that has found the
 * message.
 */
export function nextWords(entry, following) {
  const { next, outcome, attempt, startedAt, durationMs } = entry;
  if (outcome === "aborted") return "aborted";
  if (isLookup(entry) && outcome === "success") return next === "done" ? "found: not sent again" : "not found: sends again";
  if (next === "done") return outcome === "success" ? "answered" : "settled";
  if (next === "failed") return attempt > 1 ? `gave up after ${attempt} attempts` : "gave up";
  const after = following ? ` after ${duration(Math.max(0, following.startedAt - startedAt - durationMs))}` : "";
  if (following && isLookup(following)) return `looked for it${after}`;
  if (following && following.callId !== entry.callId) return "a poll found it: not sent again";
  if (next === "token") return following ? `retried with a new token${after}` : "asks for a new token";
  if (outcome === "success") return following ? `went on${after}` : "goes on";
  if (next === "send") return following ? "retried at once" : "retries at once";
  return following ? `retried${after}` : "waits to retry";
}

/** Whether an attempt looks whether a message has arrived. */
const isLookup = ({ operation, method }) => operation === "sendMessage" && method === "GET";

/** Returns the idempotency token of a message whose outcome is unknown, or undefined. */
export function unknownToken({ operation, method, outcome, next, requestBody }) {
  if (operation !== "sendMessage" || method !== "POST" || outcome === "success" || next === "done" || next === "failed") return undefined;
  return /"acschat\.idempotencyToken":"([^"\\]+)"/.exec(requestBody)?.[1];
}

export const duration = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Returns the path of a request without the ids in it. */
export const shortPath = ({ url }) => new URL(url).pathname.replace(/^\/chat\/threads/, "").replace(/^\/[^/]+/, "/…").replace(/(\/messages)\/.+/, "$1/…") || "/";

/** Whether an entry has all words of a query, in any of its parts. */
export function matches(entry, words) {
  if (words.length === 0) return true;
  const { person, operation, method, url, status = "", outcome, requestBody = "", responseBody = "" } = entry;
  const head = `${person.displayName} ${operation} ${method} ${url} ${status} ${outcome} ${requestBody}`.toLowerCase();
  return words.every((word) => head.includes(word) || responseBody.toLowerCase().includes(word));
}

export const wordsOf = (query) => query.toLowerCase().split(/\s+/).filter(Boolean);
