// Vite, of two versions: "vite" is the present one, "vite7" the last that bundles dependencies with esbuild.

import { fileURLToPath } from "node:url";

import { start } from "./project.mjs";
import { serve } from "./site.mjs";

/** Serves a folder as the command vite does, until the test is over; it knows where the site's token route is, no more. */
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
