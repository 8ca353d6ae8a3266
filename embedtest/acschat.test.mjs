// Tests what the package has for Node besides the client: the program acschat, the emulator as a server, and the entries.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { before, test } from "node:test";

import { open } from "./page.mjs";
import { project, start } from "./project.mjs";

let folder;

before(async () => {
  folder = await project("node", "acschat-program");
});

test("Node: the program acschat serves the page and the emulator", async (t) => {
  const child = spawn(join(folder, "node_modules/.bin/acschat"), ["-page", "localhost:0", "-acs", "localhost:0", "-users", "jane", "-json"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const [line] = await once(createInterface(child.stdout), "line", { signal: AbortSignal.timeout(20_000) });
  const { page, endpoint } = JSON.parse(line);
  const tab = await open(t, "about:blank");
  const missing = [];
  tab.page.on("response", (response) => response.status() >= 400 && missing.push(response.url()));
  await tab.page.goto(page);
  await tab.page.getByRole("textbox", { name: "Message as Alex" }).waitFor();
  assert.deepEqual([missing, tab.problems], [[], []]);
  assert.equal((await fetch(`${endpoint}/emulator/ready`)).status, 200);
  const advance = (headers) => fetch(`${page}/emulator/clock`, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: '{"advanceMs":1000}' });
  assert.equal((await advance({ Origin: page })).status, 200);
  assert.equal((await advance({ Origin: "https://site.example" })).status, 403);
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("Node: the program acschat ends with npx", async (t) => {
  const child = spawn("npx", ["acschat", "-page", "", "-acs", "localhost:0", "-users", "jane", "-json"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"], detached: true });
  t.after(() => {
    try {
      process.kill(-child.pid, "SIGKILL"); // the program, too
    } catch {} // it has ended
  });
  const lines = createInterface(child.stdout);
  const [line] = await once(lines, "line", { signal: AbortSignal.timeout(20_000) });
  const ended = once(lines, "close", { signal: AbortSignal.timeout(10_000) }); // no process has the pipe any more
  child.kill("SIGTERM");
  await ended;
  await assert.rejects(fetch(`${JSON.parse(line).endpoint}/emulator/ready`), ({ cause }) => cause.code === "ECONNREFUSED");
});

test("Node: acschat/emulator/node, acschat/emulator and acschat/slim in one program, which then ends", async () => {
  const { stdout, stderr } = await start("node", folder, ["listen.mjs"]);
  assert.equal(stdout, "Hi\n");
  assert.equal(stderr, "");
});
