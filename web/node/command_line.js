// The flags of acschat. They are chatdev's, as far as they make sense here.

import { isIP } from "node:net";

import { checkName } from "./page.js";
import { checkedURL } from "./webhook.js";

export const usage = `usage: acschat [flags]

Serves an ACS Chat emulator, the demo page and tokens for the page, until Ctrl-C.

  -page ADDR        address of the page and of its token route (default
                    localhost:8080); "" serves the emulator only
  -acs ADDR         address of the emulator (default localhost:8081)
  -users NAMES      create these users at the start, such as jane,alex, and print
                    their tokens
  -db FILE          store the emulator's state in this file, which is created if
                    it does not exist. Without -db the state is lost when acschat
                    ends. Users keep their names, and tokens stay valid. The file
                    is not one of chatdev's
  -rate-limits      the emulator answers 429 to calls that exceed the service's
                    documented rate limits
  -observed-errors  the emulator answers chat errors in the form observed at the
                    service, not in the documented one
  -edits-drop-metadata
                    updateMessage without metadata removes the message's
                    metadata; it is not known whether the service does so
  -events URL       post the emulator's events to this webhook, as Azure Event Grid
                    posts those of the service
  -fault RULE       plant a fault after -users are created; can be repeated. RULE
                    is JSON such as
                      {"operation":"sendMessage","call":2,"status":503}
  -json             print one line of JSON when ready and nothing else: no log and
                    no warnings; if acschat fails, it prints the error
  -h                print this help

ADDR is HOST:PORT. Port 0 picks a free port. localhost and names that end in
.localhost mean both 127.0.0.1 and [::1]; the port must be free on both. Without
HOST, acschat listens on all addresses, and other machines can connect.

HTTPS (-tls) and a resource of your own (ACS_CONNECTION_STRING) need chatdev, which
is built with Go. docs/emulator.md in this package describes both programs.
`;

const switches = { "rate-limits": "rateLimits", "observed-errors": "observedErrors", "edits-drop-metadata": "editsDropMetadata", json: "json" };
const values = {
  page: (options, value) => (options.page = value === "" ? undefined : addressOf(value)),
  acs: (options, value) => (options.acs = addressOf(value)),
  users: (options, value) => (options.users = namesOf(value)),
  db: (options, value) => {
    if (value === "") throw new Error("give a file for the emulator's state");
    options.db = value;
  },
  events: (options, value) => (options.events = checkedURL(value)),
  fault: (options, value) => options.faults.push(ruleOf(value)),
};

/** Returns the options of a command line. The flags have the form that Go programs take: -name value, -name=value, and the same with two hyphens. */
export function parse(args) {
  const options = { page: { host: "localhost", port: 8080 }, acs: { host: "localhost", port: 8081 }, users: [], faults: [], variants: {} };
  const rest = [...args];
  while (rest.length > 0) {
    const arg = rest.shift();
    const [, name, , inline] = /^--?([^=-][^=]*)(=([^]*))?$/.exec(arg) ?? [];
    if (name === undefined) throw new Error(`unexpected argument "${arg}"`);
    if (name === "h" || name === "help") return { help: true };
    if (name === "tls") throw new Error("-tls needs chatdev, which is built with Go: acschat serves HTTP only. The official SDK works without HTTPS through its option httpClient: docs/emulator.md in this package shows how");
    if (Object.hasOwn(switches, name)) {
      if (inline !== undefined && !/^(true|false)$/.test(inline)) throw new Error(`invalid value "${inline}" for flag -${name}: it must be true or false`);
      options.variants[switches[name]] = inline !== "false";
    } else if (Object.hasOwn(values, name)) {
      if (inline === undefined && rest.length === 0) throw new Error(`flag needs a value: -${name}`);
      setValue(options, name, inline ?? rest.shift());
    } else throw new Error(`unknown flag: -${name}`);
  }
  return options;
}

function setValue(options, name, value) {
  try {
    values[name](options, value);
  } catch (error) {
    const shown = name === "events" ? "" : ` "${value}"`; // the URL may contain a secret
    throw new Error(`invalid value${shown} for flag -${name}: ${error.message}`);
  }
}

function addressOf(value) {
  const [, bracketed, plain, port] = /^(?:\[(.*)\]|([^:]*)):(\d{1,5})$/.exec(value) ?? [];
  const host = bracketed ?? plain;
  if (port === undefined || port > 65535 || (bracketed !== undefined && isIP(bracketed) !== 6)) throw new Error("give HOST:PORT, such as localhost:8080");
  return { host: host === "0.0.0.0" || host === "::" ? "" : host, port: Number(port) }; // these mean all addresses, but a browser cannot open them
}

function namesOf(list) {
  const names = list.split(",").map((name) => name.trim());
  names.forEach(checkName);
  return names;
}

function ruleOf(value) {
  try {
    return JSON.parse(value);
  } catch {
    throw new Error("give a rule as a JSON object");
  }
}
