// Keeps an emulator's state in a file. Each line is JSON: first the format, then changes, as records by key, where null deletes. A change is appended
// and synced. Opening the file replaces it atomically by one without the changes that later ones undo.

import { open, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";

const header = JSON.stringify({ file: "acschat emulator", format: 1 });

/** Opens the file, and creates it if it does not exist. Only one process can have it open. The result is a storage as openRecords describes it. */
export async function openStateFile(path) {
  path = await realpath(path).catch(() => path); // so that rename replaces what a link leads to
  const unlock = await lock(path);
  try {
    const records = await read(path);
    return new StateFile(path, records, await rewrite(path, records), unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function read(path) {
  const text = await readFile(path, "utf8").catch((error) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  if (text === "") return {};
  const [first, ...lines] = text.split("\n");
  if (first !== header) throw new Error(`${path} is not a file of this emulator, or of another version. chatdev's files have another format. Choose another file`);
  lines.pop(); // empty, or a change that was not written completely and so was not answered
  const records = new Map();
  for (const [i, line] of lines.entries()) {
    try {
      apply(records, JSON.parse(line));
    } catch (cause) {
      throw new Error(`${path} is damaged in line ${i + 2}. Choose another file, or move this one away to start with an empty one`, { cause });
    }
  }
  return Object.fromEntries(records);
}

function apply(records, changes) {
  if (changes === null) records.clear();
  for (const [key, value] of Object.entries(changes ?? {})) {
    if (value === null) records.delete(key);
    else records.set(key, value);
  }
}

/** Replaces the file atomically, and returns it, open at its end. */
async function rewrite(path, records) {
  const temporary = `${path}.tmp`; // the lock covers it, too
  await rm(temporary, { force: true });
  const file = await open(temporary, "a", 0o600); // other users of this machine must not read it
  try {
    await file.writeFile(`${header}\n${JSON.stringify(records)}\n`);
    await file.sync();
    await rename(temporary, path);
    return file;
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
}

class StateFile {
  #path; #records; #file; #unlock; #last = Promise.resolve(); #closing;

  constructor(path, records, file, unlock) {
    this.#path = path;
    this.#records = records;
    this.#file = file;
    this.#unlock = unlock;
  }

  readAll = () => this.#records;
  write = (changes) => this.#append(JSON.stringify(changes));
  clear = () => this.#append("null");
  close = () => (this.#closing ??= this.#close());

  #append(line) {
    const result = this.#last.then(() => this.#write(`${line}\n`));
    this.#last = result.catch(() => {});
    return result;
  }

  /** Appends a line, completely or not at all. */
  async #write(line) {
    const { size } = await this.#file.stat();
    try {
      await this.#file.appendFile(line);
      await this.#file.datasync();
    } catch (cause) {
      await this.#file.truncate(size).catch(() => {});
      throw new Error(`${this.#path}: nothing was saved: ${cause.message}`, { cause });
    }
  }

  async #close() {
    await this.#last;
    await this.#file.close();
    await this.#unlock();
  }
}

/** Locks the file with another one, which has the id of the process. Returns a function that unlocks it. */
async function lock(path) {
  const name = `${path}.lock`;
  for (let tries = 0; ; tries++) {
    try {
      await writeFile(name, `${process.pid}`, { flag: "wx" });
      return () => rm(name, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const owner = Number(await readFile(name, "utf8").catch(() => ""));
      if (tries > 0 || isRunning(owner)) throw new Error(`${path} is in use by process ${owner}. Stop it, or choose another file. If that process is no emulator, remove ${name}`);
      await rm(name, { force: true }); // its process was killed
    }
  }
}

function isRunning(pid) {
  if (!(pid > 0)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}
