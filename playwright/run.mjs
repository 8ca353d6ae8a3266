// node run.mjs WORK: makes projects of users of acschat in the folder WORK, and runs there what docs/testing.md says: the steps of the CI job of
// project/, and the commands of the set-ups without chatdev. The document quotes the projects' files.
//
// It leaves out steps that use an action, and the installation of the browser: CHROMIUM names the browser to use.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { parse } from "yaml";

const limitMs = 300_000; // of each step
const repository = fileURLToPath(new URL("..", import.meta.url));

const work = process.argv[2];
if (!process.env.CHROMIUM) {
  console.error("make test-playwright needs Chromium or Chrome, as chromium or google-chrome on the PATH: make setup installs it where it may.");
  process.exit(1);
}
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
symlinkSync(repository, join(work, "acschat"));

runJob("project");
runDocumented("vitest", "### Vitest's browser mode");
runDocumented("global-setup", "### A global set-up of Playwright");

/** Runs the steps of the CI job in a copy of project/. */
function runJob(name) {
  const folder = join(work, name);
  cpSync(new URL("project", import.meta.url), folder, { recursive: true });
  symlinkSync(repository, join(folder, "acschat")); // instead of the submodule
  const { jobs } = parse(readFileSync(join(folder, ".github/workflows/page.yml"), "utf8"));
  for (const { run } of jobs.test.steps) if (run !== undefined) runStep(run, folder);
}

/** Runs the commands below a heading of docs/testing.md in an empty folder. */
function runDocumented(name, heading) {
  const folder = join(work, name);
  mkdirSync(folder);
  const [, section] = readFileSync(join(repository, "docs/testing.md"), "utf8").split(`\n${heading}\n`);
  const [, commands] = /^```sh\n(.*?)^```$/ms.exec(section);
  for (const command of commands.trim().split("\n")) runStep(command, folder);
}

/** Runs a command, and ends this process if it fails. */
function runStep(command, folder) {
  if (command.startsWith("npx playwright install")) {
    console.log(`- ${command}: left out, the browser is ${process.env.CHROMIUM}`);
    return;
  }
  console.log(`- ${command}`);
  const { status, signal, error } = spawnSync(command, {
    cwd: folder,
    shell: true,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: limitMs,
    env: { ...process.env, CI: "1", PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1" },
  });
  if (status !== 0) {
    console.error(`test-playwright: ${command}: ${error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`)}`);
    process.exit(1);
  }
}
