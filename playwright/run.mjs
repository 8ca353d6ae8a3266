// node run.mjs WORK: copies project/ to the folder WORK, as the project of a user of acschat, and runs the steps of its CI job there.
// docs/testing.md quotes the configuration, the job and the tests.
//
// It leaves out steps that use an action, and the installation of the browser: CHROMIUM names the browser to use.

import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { parse } from "yaml";

const limitMs = 300_000; // of each step

const work = process.argv[2];
if (!process.env.CHROMIUM) {
  console.error("make test-playwright needs Chromium or Chrome, as chromium or google-chrome on the PATH: make setup installs it where it may.");
  process.exit(1);
}
rmSync(work, { recursive: true, force: true });
cpSync(new URL("project", import.meta.url), work, { recursive: true });
symlinkSync(fileURLToPath(new URL("..", import.meta.url)), `${work}/acschat`); // instead of the submodule

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
