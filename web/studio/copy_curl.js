// Writes the request of an exchange as a cURL command for a POSIX shell.

import { safeJSON, shellWord } from "./copy_literal.js";
import { tokenHint, urlAt } from "./copy_terminal.js";

// The token is in the environment. With the repeatability id of a request that was sent already, the service would create nothing. The studio
// plants faults with the last one.
const leftOut = ["authorization", "repeatability-request-id", "x-emulator-fault"];

/** context is { service, person, people } of the studio. */
export function curlOf({ method, url, requestHeaders, requestBody }, context) {
  const target = urlAt(context.service, url);
  const headers = Object.entries(requestHeaders).filter(([name]) => !leftOut.includes(name.toLowerCase()));
  const words = [
    `curl${/[[\]{}]/.test(target) ? " --globoff" : ""}${method === "GET" ? "" : ` --request ${method}`} ${shellWord(target)}`,
    '--header "Authorization: Bearer $ACS_TOKEN"',
    ...headers.map(([name, value]) => `--header ${shellWord(`${name}: ${value}`)}`),
    ...(requestBody ? [`--data-raw ${shellWord(safeJSON(requestBody))}`] : []),
  ];
  // The first line needs no comment sign: zsh does not know comments on its command line.
  return `: "\${ACS_TOKEN:?${tokenHint(context)}}" &&\n${words.join(" \\\n  ")}\n`;
}
