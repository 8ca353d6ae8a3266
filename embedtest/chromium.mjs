// Starts Chromium, one for all tests.

import { chromium } from "playwright-core";

import { find } from "../sdktest/path.mjs";

const names = ["headless_shell", "headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Starts the Chromium on the PATH as a server, to which the tests connect. */
export function launch() {
  const executablePath = find(names);
  if (executablePath === undefined) throw new Error(`no Chromium on the PATH, under any of the names ${names.join(", ")}; make setup installs it`);
  return chromium.launchServer({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0, // root cannot use it
    handleSIGINT: false, // run.mjs handles signals
    handleSIGTERM: false,
  });
}
