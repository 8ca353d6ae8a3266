// The buttons that copy a request as code, and the code that was copied.

import { announce } from "./announcer.js";
import { curlOf } from "./copy_curl.js";
import { goOf } from "./copy_go.js";
import { javaScriptOf } from "./copy_javascript.js";
import { emulatorCommand, stateFile, stateFileOf, printCommand, tokenCommand } from "./copy_terminal.js";
import { download } from "./download.js";
import { button, element } from "../view.js";

const languages = [
  { title: "Copy as JavaScript", codeOf: ({ call }, context) => javaScriptOf(call, context), needsCall: true },
  { title: "Copy as cURL", codeOf: ({ entry }, context) => curlOf(entry, context), isForTerminal: true },
  { title: "Copy as Go", codeOf: ({ call }, context) => goOf(call, context), isForTerminal: true, needsCall: true },
];

/** Returns { buttons, place } for an entry of the log: place shows what was copied. call is the entry's, or undefined. */
export function copyMenu(studio, entry, call) {
  const place = element("div", { class: "copied" });
  const buttons = languages.map(({ title, codeOf, isForTerminal, needsCall }) => button(title, async () => {
    const { person } = entry;
    const people = studio.people.includes(person) ? studio.people : [...studio.people, person]; // whose column may not be there yet
    const context = { service: studio.service, person, people };
    const code = codeOf({ entry, call }, context);
    const text = element("pre", { tabindex: 0, "aria-label": title }, code);
    const isCopied = await navigator.clipboard.writeText(code).then(() => true, () => false);
    const status = element("p", { class: "hint" }, isCopied ? "Copied." : "The browser does not let this page use the clipboard. The code is selected: copy it.");
    place.replaceChildren(status, ...(isForTerminal ? preparation(studio, context) : promptHelp(studio, context)), text);
    if (!isCopied) getSelection().selectAllChildren(text);
    announce(isCopied ? `${title}: copied` : status.textContent);
  }, { disabled: needsCall && !call }));
  return { buttons, place };
}

/** Says how a terminal gets the token, and in the page's own emulator also its threads. */
function preparation({ service }, { person, people }) {
  if (service.fixedTokens) return [element("p", { class: "hint" }, `It reads an access token of ${person.displayName} from ACS_TOKEN.`)];
  if (service.kind !== "emulator") {
    return [element("p", { class: "hint" }, `It reads an access token of ${person.displayName} from ACS_TOKEN. This gets one:`), element("pre", { tabindex: 0 }, tokenCommand(location.origin, person))];
  }
  const save = button(`Save ${stateFile}`, async () => download(stateFile, stateFileOf(await service.emulator.exportState())), { class: "quiet" });
  return [
    element("p", { class: "hint" }, `A terminal cannot reach the emulator in this page. This starts one with the same users and threads, and prints a token of ${person.displayName} for ACS_TOKEN:`),
    element("div", { class: "choices" }, save, element("pre", { tabindex: 0 }, emulatorCommand(people))),
  ];
}

/** Says what to answer when the JavaScript asks for a token. With the page's own emulator it does not ask. */
function promptHelp({ service }, { person }) {
  if (service.kind === "emulator") return [];
  const asks = `It asks for an access token of ${person.displayName}.`;
  if (service.fixedTokens) return [element("p", { class: "hint" }, asks)];
  return [element("p", { class: "hint" }, `${asks} This prints one in a terminal:`), element("pre", { tabindex: 0 }, printCommand(location.origin, person))];
}
