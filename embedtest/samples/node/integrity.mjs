import { createRequire } from "node:module";

import { initialize } from "acschat";

const integrity = createRequire(import.meta.url)("acschat/integrity.json");
const refused = await initialize({ integrity: integrity["chat.js"] }).catch((error) => error.message);
await initialize({ integrity });
console.log(`loaded, ${refused}`);
