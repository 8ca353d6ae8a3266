export default {
  // The UI library imports ChatClient from @azure/communication-chat.
  resolve: { alias: { "@azure/communication-chat": "acschat/sdk" } },
};
