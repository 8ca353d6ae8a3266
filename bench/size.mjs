// Measures how much a page downloads.

import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import { open } from "./chromium.mjs";

/** Compresses files with brotli at the highest level. */
export async function compress(files) {
  const brotli = promisify(brotliCompress);
  const compressed = new Map();
  await Promise.all(
    [...files].map(async ([path, file]) => {
      const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;
      compressed.set(path, await brotli(file, { params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: file.length } }));
    }),
  );
  return compressed;
}

/** Adds up the sizes of the files that each page fetches, without the page itself. */
export async function measureSizes({ browser, origin, names, files, compressed }) {
  const [raw, gzipped, brotli] = ["as it is", "gzip -9", "brotli 11"].map((how) => ({ name: `download, ${how}`, unit: "KB", values: {} }));
  for (const name of names) {
    const page = await open(browser, `${origin}/${name}`);
    await page.close();
    const paths = page.downloads.filter((path) => path.startsWith("/") && path !== `/${name}` && files.has(path));
    const sum = async (sizeOf) => (await Promise.all([...new Set(paths)].map(sizeOf))).reduce((a, b) => a + b, 0) / 1000;
    raw.values[name] = [await sum((path) => files.get(path).length)];
    gzipped.values[name] = [await sum(async (path) => (await promisify(gzip)(files.get(path), { level: 9 })).length)];
    brotli.values[name] = [await sum((path) => compressed.get(path).length)];
  }
  return [raw, gzipped, brotli];
}
