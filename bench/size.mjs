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

/** Measures each contestant's page, and that of the official SDK with acschat/sdk in its place. */
export async function measureSizes(bench) {
  const dropIns = bench.names.filter((name) => bench.files.has(`/${name}-drop-in`));
  const own = await measure(bench, "download", bench.names, "");
  return [
    ...own,
    ...(await measure(bench, "download of acschat/sdk", dropIns, "-drop-in")).map((row, i) => ({ ...row, values: { official: own[i].values.official, ...row.values } })),
  ];
}

/** Adds up the sizes of the files that pages fetch, without the page itself. */
async function measure({ browser, origin, files, compressed }, title, names, suffix) {
  const [raw, gzipped, brotli] = ["as it is", "gzip -9", "brotli 11"].map((how) => ({ name: `${title}, ${how}`, unit: "KB", values: {} }));
  for (const name of names) {
    const url = `/${name}${suffix}`;
    const page = await open(browser, origin + url);
    await page.close();
    const paths = page.downloads.filter((path) => path.startsWith("/") && path !== url && files.has(path));
    const sum = async (sizeOf) => (await Promise.all([...new Set(paths)].map(sizeOf))).reduce((a, b) => a + b, 0) / 1000;
    raw.values[name] = [await sum((path) => files.get(path).length)];
    gzipped.values[name] = [await sum(async (path) => (await promisify(gzip)(files.get(path), { level: 9 })).length)];
    brotli.values[name] = [await sum((path) => compressed.get(path).length)];
  }
  return [raw, gzipped, brotli];
}
