// Builds the pages that are compared, and the files that they load.

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const options = { absWorkingDir: here, bundle: true, minify: true, format: "esm", platform: "browser", target: "es2022", write: false, legalComments: "none" };

/**
 * Returns the server's files by path, and the names of the contestants. Paths without a suffix are pages. directory contains chat.js; before,
 * if given, is the directory of another build.
 */
export async function contestants(directory, before) {
  const files = new Map();
  files.set("/official/sdk.js", await sdk());
  const builds = [["here", directory], ...(before === undefined ? [] : [["before", before]])];
  for (const [folder, source] of builds) {
    const scripts = ["chat.js", "arguments.js", "border.js", "channel.js", "conversation.js", "error.js", "go_runtime.js", "inbox.js", "integrity.js", "loading.js", "module.js", "state.js", "storage.js", "wasm_exec.js"];
    for (const name of [...scripts, "chat.wasm", "chat.conversation.wasm", "chat.slim.wasm", "chat.slim.conversation.wasm"]) {
      const file = `${source}/${name}`;
      if (existsSync(file)) files.set(`/${folder}/${name}`, readFileSync(file));
    }
  }
  const names = ["official"];
  files.set("/official", page(await script("page/official.js", "/official/sdk.js"), "/official/sdk.js"));
  for (const [name, folder, file] of [["here", "/here", "chat.wasm"], ["slim", "/here", "chat.slim.wasm"], ["before", "/before", "chat.wasm"]]) {
    const [client, wasm] = [`${folder}/chat.js`, `${folder}/${file}`];
    if (!files.has(wasm)) continue;
    names.push(name);
    // A page that only makes calls. Builds of older commits have no part to leave out, and do not know the option.
    const isSplit = files.has(wasm.replace(/wasm$/, "conversation.wasm"));
    const program = await script("page/here.js", client, { options: JSON.stringify({ wasmURL: wasm, ...(isSplit && { conversations: false }) }) });
    files.set(`/${name}`, page(program, client));
    files.set(`/${name}-conversation`, page(await script("page/conversation.js", client, { wasm: JSON.stringify(wasm) }), client));
    if (existsSync(`${folder === "/here" ? directory : before}/sdk.js`)) {
      files.set(`/${name}/drop-in.js`, await dropIn(folder === "/here" ? directory : before, wasm));
      files.set(`/${name}-drop-in`, page(await script("page/official.js", `/${name}/drop-in.js`), `/${name}/drop-in.js`));
    }
    files.set(`/${name}-preload`, page(program, client, `<link rel="preload" href="${wasm}" as="fetch" type="application/wasm" crossorigin>`));
  }
  return { files, names };
}

/** Bundles the parts of the official SDK that the page uses. */
async function sdk() {
  const contents = `
    export { ChatClient } from "@azure/communication-chat";
    export { AzureCommunicationTokenCredential } from "@azure/communication-common";`;
  return output(await build({ ...options, stdin: { contents, resolveDir: here } }));
}

/** Bundles what the page of the official SDK imports, with acschat/sdk in the place of the SDK. */
async function dropIn(directory, wasm) {
  const contents = `
    import { initialize } from "${resolve(directory)}/sdk.js";
    initialize({ wasmURL: "${wasm}" });
    export { ChatClient } from "${resolve(directory)}/sdk.js";
    export { AzureCommunicationTokenCredential } from "@azure/communication-common";`;
  return output(await build({ ...options, stdin: { contents, resolveDir: here } }));
}

/** Bundles a page's script, without the module "client", which the page imports from the client's URL. */
export async function script(entry, client, define) {
  const external = { name: "client", setup: ({ onResolve }) => onResolve({ filter: /^client$/ }, () => ({ path: client, external: true })) };
  return output(await build({ ...options, entryPoints: [entry], plugins: [external], define }));
}

const output = ({ outputFiles: [file] }) => Buffer.from(file.contents);

/** Returns a page with a script. The page fetches the client first. */
export function page(script, client, head = "") {
  return Buffer.from(`<!doctype html><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,">
<link rel="modulepreload" href="${client}">${head}
<script type="module">${script}</script>`);
}
