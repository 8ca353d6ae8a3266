// The dialog in which somebody pastes the endpoint and the tokens of a resource.

import { element } from "../view.js";
import { field, openDialog } from "./dialog.js";
import { pastedService } from "./service.js";

/** Asks for endpoint and tokens. begin(service) then begins with them. The page keeps them in memory only. */
export function openConnectDialog(begin) {
  const token = (name, label, required) => field(label, element("input", { name, type: "password", autocomplete: "off", required }));
  openDialog({
    title: "Use a resource of your own",
    action: "Connect",
    submit({ endpoint, jane, alex }) {
      return begin(pastedService(endpoint.trim(), { jane: jane.trim(), ...(alex && { alex: alex.trim() }) }));
    },
  },
  element("p", { class: "hint" }, "Endpoint and tokens stay in this page’s memory, until you leave it. They are in no link and no log. With ACS_CONNECTION_STRING, make run issues tokens by itself."),
  field("Endpoint", element("input", { name: "endpoint", type: "url", required: true, autocomplete: "off", spellcheck: "false", placeholder: "https://contoso.communication.azure.com" })),
  token("jane", "User access token of the first person", true),
  token("alex", "User access token of the second person, if there is one", false));
}
