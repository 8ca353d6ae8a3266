// chatdev, for the tests of this folder, of embedtest and of enginetest.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { createInterface } from "node:readline";

/**
 * Starts chatdev, for as long as this process runs, and gives what it announces once it answers. Why it failed, if it
 * did, is in the file log.
 */
export async function startChatdev(command, args, log, signal) {
  const chatdev = spawn(command, ["-page", "", "-acs", "localhost:0", "-json", ...args], {
    stdio: ["ignore", "pipe", openSync(log, "w")],
    env: { ...process.env, ACS_CONNECTION_STRING: "" }, // it is for real resources
  });
  process.once("exit", () => chatdev.kill());
  const line = once(createInterface(chatdev.stdout), "line", { signal });
  const ended = once(chatdev, "exit", { signal });
  line.catch(() => {}); // the one that loses is not waited for
  ended.catch(() => {});
  const [text] = await Promise.race([line, ended]);
  if (typeof text !== "string") throw new Error(`chatdev has ended; ${log} tells why`);
  return JSON.parse(text);
}
