export default { resolve: { alias: { "@azure/communication-chat$": "acschat/sdk" } } };
