// Chromium: one for all tests.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import { chromium } from "playwright-core";

const names = ["headless_shell", "headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Starts the one that is on the PATH. */
export function launch() {
  const paths = names.flatMap((name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name)));
  const executablePath = paths.find(isExecutable);
  if (executablePath === undefined) throw new Error(`no Chromium on the PATH, under any of the names ${names.join(", ")}; make setup installs it`);
  return chromium.launchServer({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0, // root cannot have it
    handleSIGINT: false, // run.mjs does
    handleSIGTERM: false,
  });
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
