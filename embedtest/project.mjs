// The package as npm packs it, and projects that have it installed: copies of the folders in samples/, in a work folder.

import { execFile } from "node:child_process";
import { cp, mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));

/** Packs a folder into a work folder that has nothing else but the tools, and gives the path of the file. */
export async function pack(folder, work) {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  // A project would have the bundlers installed beside the package. Here all find the same ones, one folder up.
  await symlink(join(here, "node_modules"), join(work, "node_modules"));
  const { stdout } = await npm(work, "pack", "--json", resolve(folder));
  return join(resolve(work), Object.values(JSON.parse(stdout))[0].filename);
}

/** Makes a project of a sample, and installs the package there. */
export async function project(sample, name = sample) {
  const tarball = process.env.EMBED_PACKAGE;
  const folder = join(dirname(tarball), name);
  await cp(join(here, "samples", sample), folder, { recursive: true });
  await npm(folder, "install", "--offline", "--no-audit", "--no-fund", tarball);
  return folder;
}

/** The same for a site without a bundler: the package's files are in its folder acschat. */
export async function staticProject(sample, name = sample) {
  const folder = await project(sample, name);
  await cp(join(folder, "node_modules", "acschat"), join(folder, "acschat"), { recursive: true });
  return folder;
}

/** Runs npm in a folder. */
export function npm(folder, ...args) {
  return start("npm", folder, args);
}

// What the test runner and Vite's dev server set, and a shell would not have.
const foreign = { NODE_TEST_CONTEXT: undefined, NODE_ENV: undefined };

/** Runs a program in a folder until it ends, at the latest with this one; the error of one that fails has what it printed. */
export async function start(command, folder, args, env) {
  const running = promisify(execFile)(command, args, { cwd: folder, timeout: 60_000, env: { ...process.env, ...foreign, ...env } });
  const end = () => running.child.kill();
  process.once("exit", end);
  try {
    return await running;
  } catch (error) {
    throw new Error([error.message, error.stdout, error.stderr].join("\n"));
  } finally {
    process.off("exit", end);
  }
}
