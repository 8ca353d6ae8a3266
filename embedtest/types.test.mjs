// Type-checks a program, and every sample in the documents and in the reference.

import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { project, start } from "./project.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const resolutions = [["esnext", "bundler"], ["nodenext", "nodenext"]];

let folder;

before(async () => {
  folder = await project("types");
});

for (const [module, moduleResolution] of resolutions) {
  test(`TypeScript: strict, moduleResolution ${moduleResolution}: a program`, async () => {
    await compile("tsconfig.json", module, moduleResolution);
  });
}

test("TypeScript: strict, Node's types and not the DOM's", async () => {
  await compile("tsconfig.json", "nodenext", "nodenext", "--lib", "es2022", "--types", "node");
});

for (const [name, edited] of [["the official SDK", (source) => source], ["acschat/sdk, with only the import changed", (source) => source.replaceAll('"@azure/communication-chat"', '"acschat/sdk"')]]) {
  test(`TypeScript: strict, a program for ${name}`, async () => {
    const own = await project("drop-in-types", `types-of-${name.split(" ").at(-1)}`);
    const program = join(own, "main.ts");
    await writeFile(program, edited(await readFile(program, "utf8")));
    for (const [module, moduleResolution] of resolutions) await compileIn(own, "tsconfig.json", module, moduleResolution);
  });
}

test("TypeScript: strict, both moduleResolutions: every js and ts sample of README.md, docs/ and chat.d.ts", async () => {
  const samples = [...(await samplesOfDocuments()), ...(await samplesOfReference())];
  await mkdir(join(folder, "samples"));
  for (const { name, text } of samples) {
    const source = text.replaceAll('"./chat.js"', '"acschat"');
    await writeFile(join(folder, "samples", name), /^(import|export) /m.test(source) ? source : `${source}export {};\n`);
  }
  for (const [module, moduleResolution] of resolutions) await compile("tsconfig.samples.json", module, moduleResolution);
});

const compile = (...args) => compileIn(folder, ...args);

async function compileIn(folder, config, module, moduleResolution, ...options) {
  const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));
  await start(process.execPath, folder, [tsc, "-p", config, "--module", module, "--moduleResolution", moduleResolution, ...options]);
}

/** Returns the js and ts blocks of the documents. TypeScript also checks the js blocks. */
async function samplesOfDocuments() {
  const docs = (await readdir(join(root, "docs")).catch(() => [])).filter((name) => name.endsWith(".md")).map((name) => join("docs", name));
  const samples = [];
  for (const path of ["README.md", ...docs]) {
    const lines = (await readFile(join(root, path), "utf8")).split("\n");
    for (const [i, line] of lines.entries()) {
      const [, language] = /^```(js|ts)$/.exec(line) ?? [];
      if (language === undefined) continue;
      const block = lines.slice(i + 1, lines.indexOf("```", i));
      samples.push({ name: `${path.replaceAll(/\W/g, "-")}-line-${i + 1}.${language}`, text: `${block.join("\n")}\n` });
    }
  }
  assert.ok(samples.length > 0);
  return samples;
}

/** Returns the samples in the comments of chat.d.ts, as TypeScript. */
async function samplesOfReference() {
  const text = await readFile(join(folder, "node_modules", "acschat", "chat.d.ts"), "utf8");
  const blocks = [...text.matchAll(/^ *\* ```js\n((?: *\*.*\n)+?) *\* ```$/gm)];
  assert.equal(blocks.length, text.split("```js").length - 1);
  return blocks.map(([, block], i) => ({ name: `reference-${i + 1}.ts`, text: block.replaceAll(/^ *\* ?/gm, "") }));
}
