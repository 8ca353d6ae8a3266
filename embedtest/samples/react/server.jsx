import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { Greeting } from "./greeting.jsx";

const html = renderToString(
  <StrictMode>
    <Greeting endpoint="https://contoso.communication.azure.com" />
  </StrictMode>,
);
console.log(html);
