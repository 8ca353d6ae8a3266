// Pages in the Chromium that run.mjs has started.

import { after } from "node:test";

import { chromium } from "playwright-core";

const browser = await chromium.connect(process.env.EMBED_CHROMIUM);
after(() => browser.close());

/** Opens a page for a test, notes what it complains of, and has a promise that rejects with what nothing has caught. */
export async function open(t, url) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const complaints = [];
  const failure = new Promise((_, reject) => page.on("pageerror", reject));
  failure.catch((error) => complaints.push(`uncaught ${error}`));
  page.on("console", (message) => {
    const { url } = message.location();
    if (["error", "warning"].includes(message.type()) && !url.endsWith("/favicon.ico")) complaints.push(`console.${message.type()}: ${message.text()} (${url})`);
  });
  // Chromium writes not all of them to the console.
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => console.error(`Content-Security-Policy: ${violatedDirective}, ${blockedURI}`));
  });
  page.on("crash", () => complaints.push("the page has crashed"));
  await page.goto(url);
  return { page, complaints, failure };
}
