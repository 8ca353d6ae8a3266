// Measures the memory of each client's page.

import { open } from "./chromium.mjs";
import { inTurn } from "./turn.mjs";

const times = 3;
const calls = 10_000;
const moments = ["after a first call", "after 10,000 more", "after 20,000 more"];

export async function measureMemory({ browser, origin, names }) {
  const empty = () => Object.fromEntries(names.map((name) => [name, []]));
  const heaps = moments.map((moment) => ({ name: `JS heap ${moment}`, unit: "MB", values: empty() }));
  const wasms = moments.map((moment, i) => ({ name: `wasm memory ${moment}`, unit: "MB", wanted: ["", "≤ 8", "flat"][i], values: empty() }));
  for (let i = 0; i < times; i++) {
    for (const name of inTurn(names, i)) {
      const page = await open(browser, `${origin}/${name}`);
      for (const m of moments.keys()) {
        if (m > 0) await page.page.evaluate((n) => bench.oneByOne("sendMessage", n), calls);
        const { heap, wasm } = await memory(page.devtools);
        heaps[m].values[name].push(heap / 1e6);
        wasms[m].values[name].push(wasm / 1e6);
      }
      await page.close();
    }
  }
  return [...heaps, ...wasms];
}

/** Returns the sizes of the JavaScript heap after garbage collection and of all WebAssembly memories, in bytes. */
export async function memory(devtools) {
  const { result: prototype } = await devtools.send("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
  const { objects } = await devtools.send("Runtime.queryObjects", { prototypeObjectId: prototype.objectId });
  const { result: wasm } = await devtools.send("Runtime.callFunctionOn", {
    objectId: objects.objectId,
    functionDeclaration: "function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }",
  });
  for (const { objectId } of [prototype, objects]) await devtools.send("Runtime.releaseObject", { objectId });
  for (let i = 0; i < 3; i++) await devtools.send("HeapProfiler.collectGarbage"); // finalizers create garbage, too
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  return { heap: usedSize, wasm: wasm.value };
}
