// node serve.mjs: serves emulators in emulator.wasm over stdin and stdout, for the tests of package emulator. Each line is a message in JSON.
// Bodies are in base64. Each message has the time that the emulators are to have.

import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { readFile } from "node:fs/promises";

import { startProgram } from "../../web/emulator_program.js";
import { openRecords } from "../../web/emulator_records.js";

let now = 0;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length > 0 ? args : [now]));
  }
};

const module = await WebAssembly.compile(await readFile(fileURLToPath(new URL("../../web/emulator.wasm", import.meta.url))));
const resources = new Map(); // promises of { program, records } by ID
const aborts = new Map(); // of requests, by ID

const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

async function start(options) {
  const records = await openRecords();
  const program = await startProgram(module, records);
  await program.control("open", { ...options, records: {} });
  return { program, records };
}

async function serve({ id, resource, head, body }) {
  const { program } = await resources.get(resource);
  const abort = program.serve(head, Buffer.from(body ?? "", "base64"), {
    answer: (status, headers, body, isLast) => send({ id, status, headers: headers ?? {}, body: Buffer.from(body).toString("base64"), isLast }),
    broken: (isReset) => send({ id, broken: isReset ? "reset" : "drop", isLast: true }),
  });
  aborts.set(id, abort);
}

async function control({ id, resource, name, argument }) {
  try {
    const { program, records } = await resources.get(resource);
    const result = await program.control(name, argument);
    send({ id, result: name === "exportState" ? records.exportState() : result, isLast: true });
  } catch (error) {
    send({ id, problem: error.message, isLast: true });
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.now !== undefined) now = message.now;
  if (message.kind === "new") resources.set(message.id, start(message.options));
  else if (message.kind === "serve") await serve(message);
  else if (message.kind === "control") await control(message);
  else if (message.kind === "abort") aborts.get(message.aborted)?.();
  else if (message.kind === "close") {
    (await resources.get(message.resource)).program.end();
    resources.delete(message.resource);
  }
}
process.exit();
