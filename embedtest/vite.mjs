// Runs two versions of Vite: "vite" is the current one, "vite7" the last one that bundles dependencies with esbuild.

import { fileURLToPath } from "node:url";

import { start } from "./project.mjs";
import { serve } from "./site.mjs";

/** Serves a folder as the command vite does, until the end of the test. It only knows the URL of the token route. */
export async function serveVite(t, folder, vite = "vite") {
  const site = await serve(t, folder);
  const { createServer } = await import(vite);
  const server = await createServer({ root: folder, logLevel: "warn", server: { proxy: { "/token": { target: site } } } });
  await server.listen();
  t.after(() => server.close());
  return server.resolvedUrls.local[0].replace(/\/$/, "");
}

/** Runs vite build in a folder. */
export async function buildVite(folder, options = [], vite = "vite") {
  const command = fileURLToPath(new URL(`node_modules/${vite}/bin/vite.js`, import.meta.url));
  await start(process.execPath, folder, [command, "build", ...options]);
}
