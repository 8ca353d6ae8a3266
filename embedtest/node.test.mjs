// Tests the package in Node, as a program and in server-side rendering.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { endpoint, users } from "./emulator.mjs";
import { project, start } from "./project.mjs";
import { proveArrived } from "./proof.mjs";

let folder;

before(async () => {
  folder = await project("node");
});

test("Node: a program calls initialize, createClient and sendMessage, and then ends", async () => {
  const { stdout, stderr } = await start("node", folder, ["main.mjs"], { ENDPOINT: endpoint, TOKEN: users.jane.token });
  await proveArrived(stdout, "Hi");
  assert.equal(stderr, "");
});

test("Node: no leak warning after twenty calls with one AbortSignal", async () => {
  const { stdout, stderr } = await start("node", folder, ["signal.mjs"], { ENDPOINT: endpoint, TOKEN: users.jane.token });
  assert.equal(stdout, "done\n");
  assert.equal(stderr, "");
});

test("integrity: a program of Node, with files", async () => {
  const { stdout, stderr } = await start("node", folder, ["integrity.mjs"]);
  assert.match(stdout, /^loaded, initialize: file:.*\/chat\.wasm does not match integrity: its hash is sha384-/);
  assert.equal(stderr, "");
});

test("server side: an import changes no global and opens no resource", async () => {
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
