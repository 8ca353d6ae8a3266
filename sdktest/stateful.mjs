// The stateful client of the official UI library, @azure/communication-react. It works without the library's user interface, which package.json
// replaces by a small package: it would take another 500 MB.

import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

const folder = fileURLToPath(new URL(".", import.meta.url));

// A bundle, because Node does not find the library's modules: their imports have no file extension.
await build({
  absWorkingDir: folder,
  entryPoints: ["node_modules/@azure/communication-react/dist/dist-esm/chat-stateful-client/src/index.js"],
  outfile: "node_modules/.stateful.mjs",
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  logLevel: "error",
});

export const { createStatefulChatClient } = await import(pathToFileURL(`${folder}node_modules/.stateful.mjs`));
