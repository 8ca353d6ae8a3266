import { createClient, initialize } from "acschat";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Chat } from "./chat.jsx";

async function issueToken() {
  const response = await fetch("/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "jane" }),
  });
  if (!response.ok) throw new Error(`no token: HTTP ${response.status}`);
  return response.json();
}

await initialize();
const { endpoint } = await issueToken();
const client = createClient({ endpoint, token: async () => (await issueToken()).token });
const threadId = new URLSearchParams(location.search).get("thread");
createRoot(document.getElementById("root")).render(
  <StrictMode>
    <Chat client={client} threadId={threadId} />
  </StrictMode>,
);
