// The page that loads the client and the emulator, and then works without a network.

import { createClient, initialize } from "./chat.js";
import { createEmulator } from "./emulator.js";

const modules = new URLSearchParams(location.search).get("modules");
let emulator;

globalThis.offline = {
  /** Loads everything, with the modules from another origin. Returns where the emulator runs. */
  async load() {
    [emulator] = await Promise.all([
      createEmulator({ users: ["jane", "alex"], wasmURL: `${modules}emulator.wasm` }),
      initialize({ wasmURL: `${modules}chat.wasm` }),
    ]);
    return emulator.runsIn;
  },

  /** Returns whether the page reaches the modules' server, which its policy allows. */
  reaches: () => fetch(`${modules}chat.wasm`, { cache: "no-store" }).then(({ ok }) => ok, () => false),

  /** Lets two users talk in a thread. Returns what each of them sees. */
  async talk() {
    const { jane, alex } = emulator.users;
    const clients = [jane, alex].map(({ token }) => createClient({ endpoint: emulator.endpoint, token, fetch: emulator.fetch }));
    const { chatThread } = await clients[0].createThread({ topic: "Lunch", participants: [{ communicationIdentifier: { rawId: alex.id } }] });
    const conversations = clients.map((client) => client.openConversation(chatThread.id, { intervalMs: 500 }));
    await conversations[0].send({ content: "At noon?" }).done;
    await conversations[1].send({ content: "At one." }).done;
    const seen = await Promise.all(conversations.map(textsOf));
    for (const client of clients) client.close();
    emulator.close();
    return seen;
  },
};
document.title = "ready";

/** Returns the texts of a conversation once there are two. */
function textsOf({ subscribe, getSnapshot }) {
  return new Promise((resolve) => {
    const look = () => {
      const texts = getSnapshot().messages.filter(({ type }) => type === "text").map(({ content }) => content.message);
      if (texts.length === 2) resolve(texts.join(" "));
    };
    subscribe(look);
    look();
  });
}
