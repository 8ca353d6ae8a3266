// Packs the package, and installs it in projects: copies of the folders in samples/, in a work folder.

import { execFile } from "node:child_process";
import { cp, mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));

/** Packs a folder into an empty work folder, and returns the path of the tarball. */
export async function pack(folder, work) {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  // A real project has the bundlers in its own node_modules. Here all projects use the ones in the work folder.
  await symlink(join(here, "node_modules"), join(work, "node_modules"));
  const { stdout } = await npm(work, "pack", "--json", resolve(folder));
  return join(resolve(work), Object.values(JSON.parse(stdout))[0].filename);
}

/** Copies a sample into a project, and installs the package there. Returns the folder. */
export async function project(sample, name = sample) {
  const tarball = process.env.EMBED_PACKAGE;
  const folder = join(dirname(tarball), name);
  await cp(join(here, "samples", sample), folder, { recursive: true });
  await npm(folder, "install", "--offline", "--no-audit", "--no-fund", tarball);
  return folder;
}

/** Does the same for a site without a bundler, with the package's files in its folder acschat. */
export async function staticProject(sample, name = sample) {
  const folder = await project(sample, name);
  await cp(join(folder, "node_modules", "acschat"), join(folder, "acschat"), { recursive: true });
  return folder;
}

/** Runs npm in a folder. */
export function npm(folder, ...args) {
  return start("npm", folder, args);
}

// Variables that the test runner and Vite's dev server set. A user's shell does not have them.
const foreign = { NODE_TEST_CONTEXT: undefined, NODE_ENV: undefined };

/** Runs a program in a folder. Returns its output. The error after a failure contains the output. */
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
