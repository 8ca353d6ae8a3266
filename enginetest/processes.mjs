// Starts and stops processes.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { createServer } from "node:net";

import { find } from "../sdktest/path.mjs";

const running = new Set();

/** Starts a command in a new process group. Its output goes to a log file, except where stdout and extra (further file descriptors) say otherwise. */
export function start(command, args, log, { stdout, extra = [], ...options } = {}) {
  const file = openSync(log, "a");
  const child = spawn(command, args, { ...options, stdio: ["ignore", stdout ?? file, file, ...extra], detached: true });
  running.add(child);
  return child;
}

/** Returns a signal that aborts when the process ends or the given signal aborts. */
export function whileRunning(child, signal) {
  const ended = new AbortController();
  child.once("exit", (code) => ended.abort(new Error(`${child.spawnfile} has ended with ${code ?? child.signalCode}`)));
  return AbortSignal.any([signal, ended.signal]);
}

/** Ends a process. It has 5 s to end by itself; then all processes of its group are killed. */
export async function stop(child) {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, "exit", { signal: AbortSignal.timeout(5_000) });
    child.kill();
    await exit.catch(() => {});
  }
  kill(child);
  running.delete(child);
}

process.once("exit", () => running.forEach(kill));

function kill({ pid }) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // no process of the group is left
  }
}

/** Returns the path of the first of these commands that is on the PATH. */
export function commandOf(...names) {
  const found = find(names);
  if (found === undefined) throw new Error(`no ${names.join(" or ")} on the PATH`);
  return found;
}

/** Returns a port that is free at the moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
