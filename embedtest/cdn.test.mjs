// Tests pages that import the package from a CDN, with the client, the emulator and its worker, under a strict policy.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";

import { serveBundles, serveFiles } from "./cdn.mjs";
import { open } from "./page.mjs";
import { project } from "./project.mjs";
import { serve } from "./site.mjs";

let folder, files, name;

before(async () => {
  folder = await project("module", "cdn");
  files = join(folder, "node_modules/acschat");
  const { version } = JSON.parse(await readFile(join(files, "package.json")));
  name = `acschat@${version}`;
});

test("a CDN: files, as from jsDelivr", async (t) => {
  const cdn = await serveFiles(t, files, name);
  assert.match(cdn, /^http:\/\/localhost:\d+\/npm\/acschat@\d+\.\d+\.\d+\/$/);
  for (const client of ["chat.js", "slim.js"]) await proveTalk(t, cdn + client, `${cdn}emulator.js`);
});

test("a CDN: hashes of the files", async (t) => {
  const cdn = await serveFiles(t, files, name);
  const integrity = JSON.parse(await readFile(join(files, "integrity.json")));
  await proveTalk(t, `${cdn}chat.js`, `${cdn}emulator.js`, { integrity });
});

test("a CDN: bundles, as from esm.sh", async (t) => {
  const cdn = await serveBundles(t, files, name, { acschat: "chat.js", slim: "slim.js", emulator: "emulator.js", emulator_worker: "emulator_worker.js" });
  for (const client of ["acschat", "slim"]) await proveTalk(t, `${cdn}/${client}`, `${cdn}/emulator`);
});

test("a CDN: a shared emulator, whose worker is a script of the page's own", async (t) => {
  const cdn = await serveFiles(t, files, name);
  await writeFile(join(folder, "worker.js"), `import { serveWorker } from "${cdn}emulator.js";\nserveWorker(globalThis);\n`);
  await proveTalk(t, `${cdn}chat.js`, `${cdn}emulator.js`, { shared: "a CDN", workerURL: "/worker.js", runsIn: "sharedWorker" });
});

/** Opens a page whose policy allows only the CDN. Lets two users talk in an emulator in a worker. */
async function proveTalk(t, client, emulator, { integrity, shared, workerURL, runsIn = "worker" } = {}) {
  const { origin } = new URL(client);
  const policy = `default-src 'none'; script-src 'wasm-unsafe-eval' ${origin}; connect-src ${origin}; worker-src ${workerURL ? `'self' ${origin}` : "blob:"}`;
  const { page, problems } = await open(t, `${await serve(t, folder, { headers: { "Content-Security-Policy": policy } })}/blank.html`);
  const talked = await page.evaluate(talk, { client, emulator, integrity, options: { shared, workerURL } });
  assert.deepEqual([talked, problems], [{ runsIn, seen: ["Hi", "Ho"] }, []]);
}

/** Runs in the page. */
async function talk({ client, emulator: emulatorURL, integrity, options }) {
  const [{ initialize, createClient }, { createEmulator }] = await Promise.all([import(client), import(emulatorURL)]);
  const [emulator] = await Promise.all([createEmulator({ users: ["jane", "alex"], ...options }), initialize({ integrity })]);
  const clientOf = ({ token }) => createClient({ endpoint: emulator.endpoint, token, fetch: emulator.fetch });
  const { jane, alex } = emulator.users;
  const asJane = clientOf(jane), asAlex = clientOf(alex);
  const { chatThread } = await asJane.createThread({ topic: "Lunch", participants: [{ communicationIdentifier: alex.id }] });
  await asJane.sendMessage(chatThread.id, { content: "Hi" });
  const conversation = asAlex.openConversation(chatThread.id); // needs the part
  await conversation.send({ content: "Ho" }).done;
  const texts = () => conversation.getSnapshot().messages.filter(({ type }) => type === "text").map(({ content }) => content.message);
  while (texts().length < 2) await new Promise((changed) => conversation.subscribe(changed));
  const seen = texts();
  asJane.close();
  asAlex.close();
  emulator.close();
  return { runsIn: emulator.runsIn, seen };
}
