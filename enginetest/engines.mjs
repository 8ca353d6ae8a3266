// Starts the three browser engines.

import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { newBrowser } from "./browser.mjs";
import { connectMarionette } from "./marionette.mjs";
import { commandOf, freePort, start, stop, whileRunning } from "./processes.mjs";
import { connectW3C } from "./w3c.mjs";

const isRoot = process.getuid?.() === 0; // browsers cannot sandbox root's processes
const timeouts = { script: 30_000, pageLoad: 30_000 };
const missingProxy = "127.0.0.1:9"; // nothing listens there, so browsers reach only this machine

/** Functions that start an engine, by name. They take a folder for its files, and return a browser with one tab. */
export const engines = { Chromium: startChromium, Firefox: startFirefox, WebKitGTK: startWebKit };

async function startChromium(folder, signal) {
  const binary = commandOf("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  const args = ["--headless", `--user-data-dir=${join(folder, "profile")}`, `--proxy-server=${missingProxy}`, ...(isRoot ? ["--no-sandbox"] : [])];
  const port = await freePort();
  const driver = start(commandOf("chromedriver"), [`--port=${port}`], join(folder, "log"));
  return newBrowser(await connectW3C(`http://127.0.0.1:${port}`, { timeouts, "goog:chromeOptions": { binary, args } }, whileRunning(driver, signal)), () => stop(driver));
}

async function startFirefox(folder, signal) {
  const profile = join(folder, "profile");
  const [host, proxyPort] = missingProxy.split(":");
  const preferences = {
    "marionette.port": 0, // a free port
    "network.proxy.type": 1,
    "network.proxy.http": host,
    "network.proxy.http_port": Number(proxyPort),
    "network.proxy.ssl": host,
    "network.proxy.ssl_port": Number(proxyPort),
  };
  mkdirSync(profile);
  writeFileSync(join(profile, "user.js"), Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(""));
  const firefox = start(commandOf("firefox-esr", "firefox"), ["--headless", "--marionette", "--no-remote", "--profile", profile], join(folder, "log"), {
    stdout: "pipe",
    env: { ...process.env, HOME: folder },
  });
  const running = whileRunning(firefox, signal);
  return newBrowser(await connectMarionette(await listeningPort(firefox, running), { timeouts }, running), () => stop(firefox));
}

/** Returns the port that Firefox prints when it listens. Reads its output until it ends, so that it never blocks. */
function listeningPort(firefox, signal) {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    createInterface(firefox.stdout).on("line", (line) => {
      const port = /Marionette\s+INFO\s+Listening on port (\d+)/.exec(line)?.[1];
      if (port) resolve(Number(port));
    });
  });
}

async function startWebKit(folder, signal) {
  const screen = start(commandOf("Xvfb"), ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], join(folder, "log"), { extra: ["pipe"] });
  const [display] = await once(screen.stdio[3], "data", { signal: whileRunning(screen, signal) });
  const port = await freePort();
  const driver = start(commandOf("WebKitWebDriver"), [`--port=${port}`], join(folder, "log"), {
    env: {
      ...process.env,
      HOME: folder,
      DISPLAY: `:${String(display).trim()}`,
      ...(isRoot && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" }),
    },
  });
  // Without capabilities for a browser, the driver starts MiniBrowser.
  return newBrowser(await connectW3C(`http://127.0.0.1:${port}`, { timeouts }, whileRunning(driver, signal)), async () => {
    await stop(driver);
    await stop(screen);
  });
}
