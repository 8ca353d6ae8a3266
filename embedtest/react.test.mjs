// Tests a component that creates its client in an effect, and closes it in the cleanup of the effect.

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";

import { listThreads } from "./emulator.mjs";
import { project, start } from "./project.mjs";
import { proveSent } from "./proof.mjs";
import { serve } from "./site.mjs";
import { buildVite, serveVite } from "./vite.mjs";

let folder;

before(async () => {
  folder = await project("react");
});

test("React: Vite's dev server with StrictMode; the first effect's client is closed, the second one's sends", async (t) => {
  const page = await proveSent(t, await serveVite(t, folder), "Hi");
  await page.waitForFunction(() => document.querySelector("#closed").textContent === "1");
  const topics = (await listThreads()).map(({ topic }) => topic);
  assert.equal(topics.filter((topic) => topic === "React").length, 1, "the closed client has created no thread");
});

test("React: production build by Vite", async (t) => {
  await buildVite(folder);
  const page = await proveSent(t, await serve(t, join(folder, "dist")), "Hi");
  assert.equal(await page.textContent("#closed"), "0");
});

test("server side: renderToString of the React component, bundled for Node by Vite", async () => {
  await buildVite(folder, ["--ssr", "server.jsx", "--outDir", "server"]);
  const { stdout, stderr } = await start("node", folder, ["server/server.js"]);
  assert.equal(stdout, '<p></p><p>Clients that were closed meanwhile: <span id="closed">0</span></p>\n');
  assert.equal(stderr, "");
});
