import { initialize } from "acschat/sdk";
import wasmURL from "acschat/chat.wasm";
import conversations from "acschat/chat.conversation.wasm";

await initialize({ wasmURL, conversations });
const { greet } = await import("./greet.js");
await greet();
