import { createClient } from "acschat";
import { useEffect, useState } from "react";

async function issueToken() {
  const response = await fetch("/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "jane" }),
  });
  if (!response.ok) throw new Error(`no token: HTTP ${response.status}`);
  return response.json();
}

async function greet(client) {
  const { chatThread } = await client.createThread({ topic: "React" });
  const { id } = await client.sendMessage(chatThread.id, { content: "Hi", senderDisplayName: "Jane" });
  return `Message ${id} is in thread ${chatThread.id}.`;
}

/** Greets when it appears. Its client lives as long as the effect, of which StrictMode makes two. */
export function Greeting({ endpoint }) {
  const [result, setResult] = useState("");
  const [closed, setClosed] = useState(0);
  useEffect(() => {
    const client = createClient({ endpoint, token: async () => (await issueToken()).token });
    greet(client).then(setResult, (error) => {
      if (error.code === "Closed") setClosed((count) => count + 1);
      else setResult(error.message);
    });
    return () => client.close();
  }, [endpoint]);
  return (
    <>
      <p>{result}</p>
      <p>Clients that were closed meanwhile: <span id="closed">{closed}</span></p>
    </>
  );
}
