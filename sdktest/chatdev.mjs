// Starts chatdev for the tests in sdktest, embedtest and enginetest.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { createInterface } from "node:readline";

/** Starts chatdev until this process ends. Returns the object that it prints when it is ready. Its error output is in the file log. */
export async function startChatdev(command, args, log, signal) {
  const chatdev = spawn(command, ["-page", "", "-acs", "localhost:0", "-json", ...args], {
    stdio: ["ignore", "pipe", openSync(log, "w")],
    env: { ...process.env, ACS_CONNECTION_STRING: "" }, // with it, chatdev would use a real resource
  });
  process.once("exit", () => chatdev.kill());
  const line = once(createInterface(chatdev.stdout), "line", { signal });
  const ended = once(chatdev, "exit", { signal });
  line.catch(() => {}); // the promise that loses the race may reject later
  ended.catch(() => {});
  const [text] = await Promise.race([line, ended]);
  if (typeof text !== "string") throw new Error(`chatdev has ended; ${log} tells why`);
  return JSON.parse(text);
}
