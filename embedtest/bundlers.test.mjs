// Tests pages that bundlers build.

import { cp } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";

import { npm, project } from "./project.mjs";
import { proveSent } from "./proof.mjs";
import { serve } from "./site.mjs";
import { buildVite, serveVite } from "./vite.mjs";
import { buildWebpack } from "./webpack.mjs";

const folders = {};

before(async () => {
  const samples = ["vite", "vite7", "esbuild", "webpack", "bundled-worker"];
  await Promise.all(samples.map(async (sample) => (folders[sample] = await project(sample))));
});

test("Vite: dev server, a proxy for the token", async (t) => {
  await proveSent(t, await serveVite(t, folders.vite), "Hi");
});

test("Vite: build, no configuration", async (t) => {
  await buildVite(folders.vite);
  await proveSent(t, await serve(t, join(folders.vite, "dist")), "Hi");
});

test("Vite: dev server of version 7, wasmURL by ?url", async (t) => {
  await proveSent(t, await serveVite(t, folders.vite7, "vite7"), "Hi");
});

test("Vite: build of version 7, wasmURL by ?url", async (t) => {
  await buildVite(folders.vite7, [], "vite7");
  await proveSent(t, await serve(t, join(folders.vite7, "dist")), "Hi");
});

test("esbuild: minified bundle, chat.wasm by the loader file as wasmURL", async (t) => {
  await npm(folders.esbuild, "run", "build");
  await proveSent(t, await serve(t, join(folders.esbuild, "public")), "Hi");
});

test("webpack: production build, no configuration", async (t) => {
  const folder = join(folders.webpack, "dist");
  await buildWebpack({ context: folders.webpack, output: { path: folder } });
  await proveSent(t, await serve(t, folder), "Hi");
});

test("a worker: by Vite's dev server", async (t) => {
  await proveSent(t, await serveVite(t, folders["bundled-worker"]), "Hi");
});

test("a worker: by Vite's build", async (t) => {
  await buildVite(folders["bundled-worker"]);
  await proveSent(t, await serve(t, join(folders["bundled-worker"], "dist")), "Hi");
});

test("a worker: by webpack's production build", async (t) => {
  const context = folders["bundled-worker"];
  const folder = join(context, "webpack");
  await buildWebpack({ context, entry: "./page.js", output: { path: folder, filename: "page.js" } });
  await cp(join(context, "index.html"), join(folder, "index.html"));
  await proveSent(t, await serve(t, folder), "Hi");
});
