// A client of Marionette, the part of Firefox that takes WebDriver commands over a socket. Messages have the form LENGTH:JSON. Geckodriver, which
// translates W3C WebDriver to Marionette, is not in Debian 12.

import { once } from "node:events";
import { connect } from "node:net";
import { addAbortSignal } from "node:stream";

/** Opens a session. Returns its capabilities, and a function that runs a command. */
export async function connectMarionette(port, alwaysMatch, signal) {
  const socket = connect(port, "127.0.0.1");
  const messages = readMessages(socket);
  addAbortSignal(signal, socket);
  await once(socket, "connect");
  await messages.next(); // the greeting
  let number = 0;
  const command = async (name, parameters = {}) => {
    const text = JSON.stringify([0, ++number, `WebDriver:${name}`, parameters]);
    socket.write(`${Buffer.byteLength(text)}:${text}`);
    const { value: message } = await messages.next();
    if (message === undefined) throw new Error(`${name}: Firefox has closed the connection`);
    const [, , error, result] = message;
    if (error) throw new Error(`${name}: ${error.error}: ${error.message}`);
    return "value" in result ? result.value : result;
  };
  const { capabilities } = await command("NewSession", { capabilities: { alwaysMatch } });
  return { capabilities, command };
}

async function* readMessages(socket) {
  let data = Buffer.alloc(0);
  for await (const piece of socket) {
    data = Buffer.concat([data, piece]);
    for (;;) {
      const colon = data.indexOf(":");
      const end = colon + 1 + Number(data.subarray(0, colon));
      if (colon < 0 || data.length < end) break;
      yield JSON.parse(data.subarray(colon + 1, end));
      data = data.subarray(end);
    }
  }
}
