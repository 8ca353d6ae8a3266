// Starts Chromium, and opens pages in it.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import { chromium } from "playwright-core";

const names = ["headless_shell", "headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const limitMs = 30_000;

export function launch() {
  const executablePath = process.env.PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
  if (executablePath === undefined) throw new Error("there is no Chromium or Chrome on the PATH; make setup installs it");
  return chromium.launch({ executablePath, args: ["--disable-gpu"] });
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Opens a page in a new context, with nothing cached, and returns the times of its start. DevTools is not attached to the page: it would record
 * what the page fetches, which takes the page's time.
 */
export async function startAlone(browser, { origin, started }, path) {
  const devtools = await browser.newBrowserCDPSession(); // only opens and closes the page
  const { browserContextId } = await devtools.send("Target.createBrowserContext");
  const times = Promise.race([
    started(),
    new Promise((_, reject) => setTimeout(() => reject(new Error(`${path} has not started in ${limitMs / 1000} s`)), limitMs).unref()),
  ]);
  await devtools.send("Target.createTarget", { url: `${origin}/blank?${path}`, browserContextId });
  try {
    return await times;
  } finally {
    await devtools.send("Target.disposeBrowserContext", { browserContextId });
    await devtools.detach();
  }
}

/**
 * Opens a page in a new context, with nothing cached, and waits for the first result of its client. With line, the page loads with that
 * { latencyMs, bytesPerSecond }.
 */
export async function open(browser, url, line) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const downloads = [];
  page.on("request", (request) => downloads.push(new URL(request.url()).pathname));
  const devtools = await context.newCDPSession(page);
  // The page reports its start itself. If Playwright asked for it, its script would take time from the client.
  await devtools.send("Runtime.enable");
  await devtools.send("Runtime.addBinding", { name: "tellStarted" });
  const started = new Promise((resolve, reject) => {
    devtools.once("Runtime.bindingCalled", resolve);
    page.once("pageerror", (error) => reject(new Error(`${url}: ${error.stack}`)));
    page.once("requestfailed", (request) => reject(new Error(`${request.url()} cannot be loaded: ${request.failure().errorText}`)));
    setTimeout(() => reject(new Error(`${url} has not started in ${limitMs / 1000} s`)), limitMs).unref();
  });
  if (line) {
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: line.latencyMs,
      downloadThroughput: line.bytesPerSecond,
      uploadThroughput: line.bytesPerSecond,
    });
  }
  await Promise.all([page.goto(url), started]);
  return { page, devtools, downloads, close: () => context.close() };
}
