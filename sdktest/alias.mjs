// With NODE_OPTIONS=--import of this file, @azure/communication-chat is acschat/sdk. So the tests run on it with their imports unchanged.

import { register } from "node:module";

const source = `export const resolve = (name, context, next) =>
  name === "@azure/communication-chat" ? next(${JSON.stringify(new URL("../web/sdk.js", import.meta.url).href)}, context) : next(name, context);`;
register(`data:text/javascript,${encodeURIComponent(source)}`);
