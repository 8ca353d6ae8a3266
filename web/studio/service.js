// Where users and tokens come from: the only module that knows. index.html says in the meta element "acschat-service" who serves the page.
// "server" is chatdev or npx acschat, with an emulator or a real resource behind. "page" is any server of files: the emulator runs in the page.

const firstNames = ["jane", "alex"];
const emulatorName = "acschat studio"; // shared by the tabs of a site
const importedName = "acschat studio: imported"; // in sessionStorage: the name of the emulator of this tab, if it has imported a state

/** Opens the service of the page: see service in studio.js. names are the people that the page begins with. */
export async function openService() {
  const { content } = document.querySelector('meta[name="acschat-service"]');
  return (content === "server" && (await openServer())) || openEmulator();
}

/** Returns the service of chatdev or npx acschat, or undefined if neither serves this page. */
async function openServer() {
  const first = await requestToken(firstNames[0]);
  if (!first) return undefined;
  const { endpoint } = first;
  const hasEmulator = isLocal(endpoint);
  return {
    endpoint,
    kind: hasEmulator ? "server emulator" : "live",
    label: hasEmulator ? `Emulator at ${describeHost(endpoint)}` : describeHost(endpoint),
    names: firstNames,
    issue: requestToken,
    emulator: hasEmulator ? controlEndpoints : undefined,
  };
}

/** Returns { endpoint, id, token } of a user from this server's token route, or undefined if there is no such route. */
async function requestToken(user, signal) {
  const response = await fetch("token", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user }), signal });
  const body = await response.json().catch(() => undefined);
  if (body?.token) return body;
  if (body?.error) throw new Error(`The server of this page has no token for ${user}: ${body.error.message}`);
  return undefined;
}

/** What the server passes on to its emulator: docs/emulator.md#in-tests. */
const controlEndpoints = {
  advance: (advanceMs) => control("clock", { advanceMs }),
  reset: () => control("reset"),
};

async function control(name, body) {
  const response = await fetch(`emulator/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
  if (response.ok) return;
  const reason = await response.json().catch(() => undefined);
  throw new Error(`The emulator has refused this: ${reason?.error?.message ?? `HTTP ${response.status}`}`);
}

/** Opens a service with this state of an emulator, in this tab. A reload keeps it. */
export async function importState(state) {
  const name = `${emulatorName} ${Date.now()}`;
  const service = await openEmulator(name, state);
  sessionStorage.setItem(importedName, name);
  return service;
}

/** Starts the emulator in the page. The tabs of the site share one, where the browser can do that. */
async function openEmulator(name = sessionStorage.getItem(importedName) ?? emulatorName, state) {
  const { createEmulator } = await import("../emulator.js");
  const options = { users: firstNames, ...(state && { state }) };
  const emulator = await createEmulator({ ...options, shared: name, persist: name }).catch(() => createEmulator(options));
  return {
    endpoint: emulator.endpoint,
    kind: "emulator",
    label: "Emulator in this page",
    names: firstNames,
    fetch: emulator.fetch,
    async issue(user) {
      const { id } = emulator.users[user] ?? (await emulator.createUser(user));
      return { id, token: await emulator.issueToken(id) };
    },
    emulator,
  };
}

/** Returns a service of which the user has pasted the endpoint and one token for each name. */
export function pastedService(endpoint, tokens) {
  const hasEmulator = isLocal(endpoint);
  return {
    endpoint,
    kind: hasEmulator ? "server emulator" : "live",
    label: hasEmulator ? `Emulator at ${describeHost(endpoint)}` : describeHost(endpoint),
    names: Object.keys(tokens),
    fixedTokens: true,
    tokens, // by name: for a person who comes later
    async issue(user) {
      if (!tokens[user]) throw new Error(`There is no token for ${user}: paste one`);
      return { token: tokens[user] };
    },
  };
}

/** Whether an endpoint is on this machine. */
const isLocal = (endpoint) => /(^|\.)localhost\.?$|^127(\.\d+){3}$|^\[::1\]$/.test(new URL(endpoint).hostname);

const describeHost = (endpoint) => new URL(endpoint).host;
