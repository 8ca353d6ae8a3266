// Opens pages in the Chromium that run.mjs has started.

import { after } from "node:test";

import { chromium } from "playwright-core";

const browser = await chromium.connect(process.env.EMBED_CHROMIUM);
after(() => browser.close());

/** Opens a page. Returns it with the problems that it reports, and with a promise that rejects with its first uncaught error. */
export async function open(t, url) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const problems = [];
  const failure = new Promise((_, reject) => page.on("pageerror", reject));
  failure.catch((error) => problems.push(`uncaught ${error}`));
  page.on("console", (message) => {
    const { url } = message.location();
    if (["error", "warning"].includes(message.type()) && !url.endsWith("/favicon.ico")) problems.push(`console.${message.type()}: ${message.text()} (${url})`);
  });
  // Chromium does not write all violations to the console.
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => console.error(`Content-Security-Policy: ${violatedDirective}, ${blockedURI}`));
  });
  page.on("crash", () => problems.push("the page has crashed"));
  await page.goto(url);
  return { page, problems, failure };
}
