// Tests pages without a bundler.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { staticProject } from "./project.mjs";
import { proveSent } from "./proof.mjs";
import { serve } from "./site.mjs";

let modules, classic, workers;

before(async () => {
  [modules, classic, workers] = await Promise.all(["module", "classic", "worker"].map((sample) => staticProject(sample)));
});

test("a module script: static files, with a preload", async (t) => {
  const page = await proveSent(t, await serve(t, modules), "Hi");
  const downloads = await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/chat.wasm")).length);
  assert.equal(downloads, 1, "chat.js uses the preloaded file");
});

test("a classic script: wasm_exec.js, chat.wasm and globalThis.acsChat", async (t) => {
  await proveSent(t, await serve(t, classic), "Hi");
});

test("a classic script: import() of chat.js", async (t) => {
  await proveSent(t, `${await serve(t, classic)}/import.html`, "Hi");
});

test("a worker: a module worker", async (t) => {
  await proveSent(t, await serve(t, workers), "Hi");
});

test("a worker: a classic worker that does import() of chat.js", async (t) => {
  await proveSent(t, `${await serve(t, workers)}/classic.html`, "Hi");
});
