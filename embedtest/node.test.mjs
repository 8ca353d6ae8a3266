// Node: as a host of its own, and as what renders pages.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { endpoint, users } from "./emulator.mjs";
import { project, start } from "./project.mjs";
import { proveArrived } from "./proof.mjs";

let folder;

before(async () => {
  folder = await project("node");
});

test("Node: initialize, createClient and sendMessage in a program, which then ends by itself", async () => {
  const { stdout, stderr } = await start("node", folder, ["main.mjs"], { ENDPOINT: endpoint, TOKEN: users.jane.token });
  await proveArrived(stdout, "Hi");
  assert.equal(stderr, "");
});

test("Node: twenty calls with one AbortSignal, and no warning of a leak", async () => {
  const { stdout, stderr } = await start("node", folder, ["signal.mjs"], { ENDPOINT: endpoint, TOKEN: users.jane.token });
  assert.equal(stdout, "done\n");
  assert.equal(stderr, "");
});

test("server side: an import changes no global and leaves nothing open", async () => {
  const { stdout, stderr } = await start("node", folder, ["import.js"]);
  assert.deepEqual(JSON.parse(stdout), {
    exports: ["ChatError", "createClient", "initialize", "newIdempotencyToken", "version"],
    globals: [],
    resources: [],
    refused: "NotInitialized",
  });
  assert.equal(stderr, "");
});

test("server side: require() of the package", async () => {
  const { stdout } = await start("node", folder, ["--no-warnings", "require.cjs"]);
  assert.equal(stdout, "function\n");
});
