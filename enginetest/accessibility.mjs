// The demo page and WCAG 2.2 AA: axe-core checks it in each state that it has, in both colour schemes.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const axe = await readFile(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** A journey: fails if axe-core finds a violation. It gives the number of states. */
export async function accessibility({ tab }, { page, endpoint }) {
  await tab.open(page);
  await tab.waitForText("#person-1 .messages", "joined");
  await tab.run(`() => { ${axe} }`); // the page's policy has no eval
  await tab.run(() => void document.styleSheets[0].insertRule("* { transition: none !important; animation: none !important; }"));
  const states = {
    "the requests": [],
    "the operations": ["Operations", "addParticipants"],
    "an error beside a field": ["Run"],
    "the faults": ["Faults and time"],
    "a planted fault": ["Plant: Refuse the message"],
    "a message that is not sent": [() => tab.fill("#message-0", "Will this arrive?"), "Send as Jane", () => tab.waitForText("#person-0 .messages", "Not sent")],
    "the end of the guided run": ["Discard", "Lose the answer of the next message", () => tab.waitForText(".guide", "in the thread once")],
    "the dialog for a thread": ["New thread as Jane"],
    "the dialog for a resource": ["Cancel", "Use a resource"],
    "the dialog for a person": ["Cancel", "Add a person"],
    "the participants": ["Cancel", "People in Jane’s conversation"],
    "an edit": ["Close", "Edit"],
    "the keyboard": ["Keyboard shortcuts"],
  };
  for (const [state, steps] of Object.entries(states)) {
    for (const step of steps) await (typeof step === "string" ? tab.click(step) : step());
    for (const scheme of ["light", "dark"]) assert.deepEqual(await tab.run(violations, scheme), [], `${state}, ${scheme}`);
  }
  return `${Object.keys(states).length} states`;
}

/** Runs in the page: returns the violations of WCAG 2.2 AA in a colour scheme. */
async function violations(scheme) {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  for (const rule of rules.filter(({ media }) => /prefers-color-scheme: dark/.test(media?.mediaText ?? ""))) {
    rule.media.mediaText = scheme === "dark" ? "all, (prefers-color-scheme: dark)" : "not all, (prefers-color-scheme: dark) and (max-width: 0)";
  }
  const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
