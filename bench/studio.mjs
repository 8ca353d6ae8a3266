// Measures the longest task of the studio, the demo page, while somebody scrolls and types in it. Its log has 5,000 requests, its thread 2,000
// messages. It is CPU time: on a busy machine the duration of a task says more about the other programs.

import { existsSync, readdirSync, readFileSync } from "node:fs";

const entries = 5000;
const messages = 2000;
const runs = 2;
const frames = 120;
const wanted = "here ≤ 50";

const series = [
  { name: "studio, longest task while scrolling the log", act: scrollLog },
  { name: "studio, longest task while scrolling the thread", act: scrollThread },
  { name: "studio, longest task while typing a message", act: (page) => type(page, ".composer textarea") },
  { name: "studio, longest task while typing into the filter", act: (page) => type(page, ".log-bar input") },
];

export async function measureStudio({ browser, origin, names, files, client }) {
  addPage(files, client);
  const metrics = series.map(({ name }) => ({ name, unit: "ms", wanted, values: Object.fromEntries(names.map((each) => [each, each === "here" ? [] : [NaN]])) }));
  for (let i = 0; i < runs; i++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    try {
      const page = await openStudio(context, origin);
      for (const [s, { act }] of series.entries()) metrics[s].values.here.push(await longestTask(browser, page, act));
    } finally {
      await context.close();
    }
  }
  return metrics;
}

/** Adds the files of the page: those in folder/page or folder, as the program acschat serves them. */
function addPage(files, folder) {
  for (const source of [folder, `${folder}/page`].filter(existsSync)) {
    for (const name of readdirSync(source, { recursive: true })) {
      if (/\.(html|css|js|wasm)$/.test(name)) files.set(`/studio/${name}`, readFileSync(`${source}/${name}`));
    }
  }
}

/** Opens the page with its own emulator, and fills its thread and its log. */
async function openStudio(context, origin) {
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.goto(`${origin}/studio/index.html`);
  await page.getByRole("button", { name: "Copy as cURL" }).waitFor();
  await page.evaluate(sendMessages, messages);
  await page.getByRole("tab", { name: "Operations" }).click();
  await page.getByRole("button", { name: "sendTypingNotification" }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("button", { name: "Show the request" }).click();
  await page.evaluate(runAgain, entries);
  return page;
}

/** Runs in the page: another client of the same emulator sends messages to the thread. */
async function sendMessages(count) {
  const { createEmulator } = await import("./emulator.js");
  const { createClient } = await import("./chat.js");
  const name = "acschat studio"; // the page's own emulator, in web/studio/service.js
  const emulator = await createEmulator({ users: ["jane"], shared: name, persist: name });
  const client = createClient({ endpoint: emulator.endpoint, token: emulator.users.jane.token, fetch: emulator.fetch });
  for await (const { id } of client.listThreads()) {
    for (let i = 0; i < count; i++) await client.sendMessage(id, { content: `Message ${i}: shall we meet at noon?`, senderDisplayName: "Jane" });
    break;
  }
  client.close();
}

/** Runs in the page: repeats the request that is open until the log is full. */
async function runAgain(count) {
  const isFull = () => Number(/\d+$/.exec(document.querySelector(".log-bar [role=status]").textContent)?.[0]) >= count;
  while (!isFull()) {
    for (let i = 0; i < 20; i++) [...document.querySelectorAll(".log-detail button")].find(({ textContent }) => textContent === "Run again").click();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function scrollLog(page) {
  await page.evaluate(async (frames) => {
    const list = document.querySelector(".log-rows");
    for (let i = 0; i < frames; i++) {
      list.scrollTop += i % 10 === 0 ? 20_000 : 300;
      await new Promise(requestAnimationFrame);
    }
  }, frames);
}

async function scrollThread(page) {
  const box = await page.locator(".column .scroll").first().boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let i = 0; i < frames; i++) {
    await page.mouse.wheel(0, -1000);
    await page.waitForTimeout(16);
  }
}

async function type(page, selector) {
  await page.locator(selector).first().pressSequentially("Shall we meet at noon, or rather at one?", { delay: 30 });
}

/** Returns the CPU time of the longest task of the page's main thread, in milliseconds. */
async function longestTask(browser, page, act) {
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline", "__metadata"] });
  await act(page);
  const { traceEvents } = JSON.parse(String(await browser.stopTracing()));
  const threads = new Set(traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(({ name, pid, tid }) => name.endsWith("RunTask") && threads.has(`${pid} ${tid}`));
  if (tasks.length === 0) throw new Error("the trace has no tasks");
  return tasks.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur), 0) / 1000;
}
