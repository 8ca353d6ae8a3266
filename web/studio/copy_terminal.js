// What the copied programs for a terminal say about the service: its endpoint, and where the access token comes from.

const emulatorEndpoint = "http://localhost:8081"; // acschat's default

/** The name of the file that the studio saves for acschat. */
export const stateFile = "acschat.db";

/** Returns the endpoint that a program in a terminal can use. An emulator in the page has none. */
export const endpointOf = ({ kind, endpoint }) => (kind === "emulator" ? emulatorEndpoint : endpoint);

/** Returns the URL of a request at that endpoint. */
export function urlAt(service, url) {
  const { pathname, search } = new URL(url);
  return endpointOf(service).replace(/\/$/, "") + pathname + search;
}

/** Says in one line of plain ASCII without quotes what ACS_TOKEN must be. */
export function tokenHint({ service, person, people }) {
  const name = plain(person.name);
  if (service.kind !== "emulator") return `set it to an access token of ${name}`;
  return `save the state of the studio as ${stateFile}, start ${emulatorCommand(people)}, and set it to the token of ${name} that this prints`;
}

/** Starts an emulator in a terminal that has the users, threads and messages of the one in the page. */
export const emulatorCommand = (people) => `npx acschat -db ${stateFile} -users ${people.map(({ name }) => plain(name)).join(",")}`;

/** Sets ACS_TOKEN to a token from the route that serves tokens to this page. */
export const tokenCommand = (origin, person) => `export ACS_TOKEN="$(${printCommand(origin, person)})"`;

/** Prints such a token. */
export function printCommand(origin, { name }) {
  const post = `curl -s -H 'Content-Type: application/json' -d '{"user":"${plain(name)}"}' ${origin}/token`;
  return `${post} | sed 's/.*"token":"\\([^"]*\\)".*/\\1/'`;
}

/** The form of names that the programs take, without characters that mean something to a shell. */
const plain = (name) => name.replace(/[^\w.@ -]/g, "_");

/** Returns the content of a file for -db from what exportState returned. */
export function stateFileOf({ format, records }) {
  return `${JSON.stringify({ file: "acschat emulator", format })}\n${JSON.stringify(records)}\n`;
}
