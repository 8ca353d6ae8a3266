// Types of slim.js, which are those of chat.js.

export * from "./chat.js";
