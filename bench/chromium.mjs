// The Chromium of this machine.

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
 * Has a page start in a context of its own, without anything cached and without DevTools, whose record of what the page fetches
 * takes the page's time, the more the larger it is. Gives what the page says of its start.
 */
export async function startAlone(browser, { origin, started }, path) {
  const devtools = await browser.newBrowserCDPSession(); // which only opens and closes it
  const { browserContextId } = await devtools.send("Target.createBrowserContext");
  const told = Promise.race([
    started(),
    new Promise((_, reject) => setTimeout(() => reject(new Error(`${path} has not started in ${limitMs / 1000} s`)), limitMs).unref()),
  ]);
  await devtools.send("Target.createTarget", { url: `${origin}/blank?${path}`, browserContextId });
  try {
    return await told;
  } finally {
    await devtools.send("Target.disposeBrowserContext", { browserContextId });
    await devtools.detach();
  }
}

/**
 * Opens a page in a context of its own, without anything cached, and waits until its client has given a first result.
 * Over a line, it has the line's { latencyMs, bytesPerSecond }.
 */
export async function open(browser, url, line) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const downloads = [];
  page.on("request", (request) => downloads.push(new URL(request.url()).pathname));
  const devtools = await context.newCDPSession(page);
  // The page tells by itself: what Playwright would run in it to ask would take its time from the client.
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
