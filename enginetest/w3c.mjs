// A client of WebDriver over HTTP: https://www.w3.org/TR/webdriver2/

import { setTimeout } from "node:timers/promises";

// The endpoints of the commands, which have Marionette's names.
const endpoints = {
  Navigate: () => "POST url",
  ExecuteAsyncScript: () => "POST execute/async",
  FindElement: () => "POST element",
  ElementClick: ({ id }) => `POST element/${id}/click`,
  GetWindowHandle: () => "GET window",
  NewWindow: () => "POST window/new",
  SwitchToWindow: () => "POST window",
  CloseWindow: () => "DELETE window",
};

/** Waits for the driver, and opens a session. Returns its capabilities, and a function that runs a command. */
export async function connectW3C(driver, alwaysMatch, signal) {
  while (!(await isReady(driver, signal))) await setTimeout(50, undefined, { signal });
  const { sessionId, capabilities } = await request(`${driver}/session`, "POST", { capabilities: { alwaysMatch } }, signal);
  const command = async (name, parameters) => {
    const [method, path] = endpoints[name](parameters).split(" ");
    return request(`${driver}/session/${sessionId}/${path}`, method, parameters, signal);
  };
  return { capabilities, command };
}

async function isReady(driver, signal) {
  try {
    return (await request(`${driver}/status`, "GET", undefined, signal)).ready;
  } catch (error) {
    if (error.cause?.code !== "ECONNREFUSED") throw error;
    return false;
  }
}

async function request(url, method, parameters, signal) {
  const answer = await fetch(url, { method, body: parameters && JSON.stringify(parameters), signal });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}
