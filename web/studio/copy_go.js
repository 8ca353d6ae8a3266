// Writes a call as a program in Go that uses this module's chathttp.

import { goIdentifier, goRequest, goString } from "./copy_literal.js";
import { emulatorCommand, endpointOf, tokenHint, urlAt } from "./copy_terminal.js";
import { operationOf } from "./operation_table.js";

/** context is { service, person, people } of the studio. */
export function goOf(call, context) {
  const { service, people } = context;
  const where = service.kind === "emulator" ? `\t// The emulator that ${emulatorCommand(people)} serves.\n` : "";
  const link = call.nextLink && urlAt(service, call.nextLink);
  const body = invocation({ ...call, nextLink: link });
  const imports = ["context", "fmt", "log", "os"].map((name) => `\t"${name}"\n`).join("");
  const uses = body.includes("chatcore.") ? '\t"acschat/chatcore"\n' : "";
  return `// Save this as try/main.go in your clone of acschat. Run it in the clone's top folder: go run ./try
package main

import (
${imports}
${uses}	"acschat/chathttp"
)

func main() {
	token := os.Getenv("ACS_TOKEN")
	if token == "" {
		log.Fatal(${goString(`ACS_TOKEN is empty: ${tokenHint(context)}`)})
	}
${where}	client, err := chathttp.New(chathttp.Options{Endpoint: ${goString(endpointOf(service))}, Token: token${versionOf(call)}})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	ctx := context.Background()
${body}}
`;
}

const versionOf = ({ apiVersion }) => (apiVersion ? `, APIVersion: ${goString(apiVersion)}` : "");

const failed = "\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n";

function invocation(call) {
  const { name, ids, argument, isList, hasResult } = operationOf(call.operation);
  const method = name[0].toUpperCase() + name.slice(1);
  const args = ["ctx", ...ids.map((id) => goString(call.ids[id]))];
  if (argument) args.push(requestOf(call, argument));
  args.push(optionsOf(call));
  if (isList) return list(`client.${method}ByPage(${args.join(", ")})`);
  const made = `client.${method}(${args.join(", ")})`;
  if (hasResult) return `\tresult, err := ${made}\n${failed}\tfmt.Println(result.JSON())\n`;
  return `\tif err := ${made}; err != nil {\n\t\tlog.Fatal(err)\n\t}\n\tfmt.Println("${name}: done")\n`;
}

function list(pages) {
  return `\tfor page, err := range ${pages} {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(page.JSON())
		break // one page is one request. Without this line, all pages
	}
`;
}

function requestOf({ operation, request = {}, nextLink }, argument) {
  if (argument === "identifier") return goIdentifier(request, "\t");
  const { go, fields } = operationOf(operation).request;
  const linkField = { name: "nextLink", type: "text" };
  return goRequest({ ...request, ...(nextLink && { nextLink }) }, { go, fields: nextLink ? [...fields, linkField] : fields }, "\t");
}

function optionsOf({ idempotencyToken }) {
  if (idempotencyToken === true) return "&chathttp.SendOptions{Idempotent: true}";
  if (idempotencyToken) return `&chathttp.SendOptions{IdempotencyToken: ${goString(idempotencyToken)}}`;
  return "nil";
}
