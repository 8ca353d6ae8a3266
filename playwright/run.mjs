// node run.mjs WORK: makes the folder WORK the project of somebody who uses acschat, from what is in project/, and does
// there what the project's CI job does, step by step. docs/testing.md quotes the configuration, the job and the tests.
//
// The steps that use somebody's action are the machine's part. The browser is the one that CHROMIUM names, and not installed.

import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { parse } from "yaml";

const limitMs = 300_000; // for a step

const work = process.argv[2];
if (!process.env.CHROMIUM) {
  console.error("make test-playwright needs Chromium or Chrome, as chromium or google-chrome on the PATH: make setup installs it where it may.");
  process.exit(1);
}
rmSync(work, { recursive: true, force: true });
cpSync(new URL("project", import.meta.url), work, { recursive: true });
symlinkSync(fileURLToPath(new URL("..", import.meta.url)), `${work}/acschat`); // in place of the submodule

const { jobs } = parse(readFileSync(`${work}/.github/workflows/page.yml`, "utf8"));
for (const { run } of jobs.test.steps) {
  if (run === undefined) continue;
  if (run.startsWith("npx playwright install")) {
    console.log(`- ${run}: left out, the browser is ${process.env.CHROMIUM}`);
    continue;
  }
  console.log(`- ${run}`);
  const { status, signal, error } = spawnSync(run, {
    cwd: work,
    shell: true,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: limitMs,
    env: { ...process.env, CI: "1", PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1" },
  });
  if (status !== 0) {
    console.error(`test-playwright: ${run}: ${error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`)}`);
    process.exit(1);
  }
}
