export default {
  // The UI library imports ChatClient from @azure/communication-chat.
  resolve: { alias: { "@azure/communication-chat": "acschat/sdk" } },
  build: { target: "esnext" }, // chat.js waits for the emulator at the top level
};
