// One entry of the log, with everything that the client has sent and received.

import { callOf, run } from "./operation_call.js";
import { copyMenu } from "./copy_menu.js";
import { duration, levelOf, nextWords, size } from "./log_entry.js";
import { formatted, shortAddress } from "./operation_text.js";
import { operationOf } from "./operation_table.js";
import { mayRun, recordRun } from "./operation_record.js";
import { button, element, showingErrors } from "../view.js";

const shownCharacters = 50_000; // of a body: more would make the page slow
const encoder = new TextEncoder();

/** Returns the element of an entry. following is the entry of the call's next attempt, if there is one. */
export function detailOf(studio, entry, following) {
  const { method, url, requestHeaders, requestBody, responseHeaders, responseBody } = entry;
  const call = tried(() => callOf(entry));
  const { buttons, place } = copyMenu(studio, entry, call);
  const problem = element("div", { role: "alert", class: "problem" });
  const again = [
    button("Run again", () => showingErrors(problem)(() => runAgain(studio, entry, call)), { disabled: !call, title: `Makes the same call as ${entry.person.displayName}` }),
    button("Edit and run", () => studio.dispatchEvent(new CustomEvent("edit", { detail: { call, person: entry.person.name } })), { disabled: !call }),
  ];
  return element(
    "div",
    { class: "attempt" },
    element("h2", {}, element("span", { class: "method" }, method), " ", element("code", { title: url }, shortAddress(url))),
    factsOf(entry, following),
    element("div", { class: "choices" }, buttons, again),
    problem,
    place,
    requestBody && section("Request body", bodyOf(requestBody), size(encoder.encode(requestBody).length)),
    responseBody && section("Response body", bodyOf(responseBody), size(entry.bytes)),
    section("Address", element("code", {}, url)),
    section("Request headers", headersOf(requestHeaders)),
    Object.keys(responseHeaders).length > 0 && section("Response headers", headersOf(responseHeaders)),
  );
}

/** Returns a sentence about the answer, and what came next. */
export function factsOf(entry, following) {
  const { person, operation, status, outcome, attempt, startedAt, durationMs } = entry;
  const answer = element("strong", { class: levelOf(entry) }, status ? `HTTP ${status}` : "No answer", outcome !== "success" && ` ${outcome}`);
  const when = new Date(startedAt).toLocaleTimeString(undefined, { hour12: false });
  return element("p", { class: "attempt-facts" }, answer, ` in ${duration(durationMs)}, ${nextWords(entry, following)}. Attempt ${attempt} of ${person.displayName}’s ${operation}, at ${when}.`);
}

function section(title, content, note) {
  return element("section", {}, element("h3", {}, title, note && element("span", { class: "hint" }, ` ${note}`)), content);
}

function headersOf(headers) {
  const rows = Object.entries(headers).map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  return element("dl", { class: "headers" }, rows);
}

function bodyOf(body) {
  const text = body.length > shownCharacters ? body : formatted(body);
  const rest = text.length - shownCharacters;
  return element("pre", { tabindex: 0, dir: "auto" }, rest > 0 ? `${text.slice(0, shownCharacters)}\n… ${rest} more characters` : text);
}

async function runAgain(studio, { person }, call) {
  if (!(await mayRun(studio, operationOf(call.operation)))) return;
  await run(person.client, call, recordRun(studio, person));
  studio.dispatchEvent(new Event("inspect")); // the log shows the new attempt
}

function tried(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}
