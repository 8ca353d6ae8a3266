import { initialize } from "acschat";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Greeting } from "./greeting.jsx";

const response = await fetch("/token", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ user: "jane" }),
});
if (!response.ok) throw new Error(`no token: HTTP ${response.status}`);
const { endpoint } = await response.json();
await initialize();
createRoot(document.getElementById("root")).render(
  <StrictMode>
    <Greeting endpoint={endpoint} />
  </StrictMode>,
);
