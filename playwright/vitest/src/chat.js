import { createClient, initialize } from "acschat";

/** Shows a thread in an element, with a form for messages. Returns a function that ends it. */
export async function openChat(root, options) {
  const { threadId, ...clientOptions } = options;
  await initialize();
  const client = createClient(clientOptions);
  const conversation = client.openConversation(threadId);
  root.innerHTML = `<ol aria-label="Messages"></ol><form><input aria-label="Message"><button>Send</button></form>`;
  const [list, form] = root.children;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    conversation.send({ content: form[0].value });
    form.reset();
  });
  conversation.subscribe(() => {
    const texts = conversation.getSnapshot().messages.filter(({ type }) => type === "text");
    list.replaceChildren(...texts.map((message) => itemOf(message, conversation)));
  });
  return () => client.close();
}

function itemOf(message, conversation) {
  const { key, content, state } = message;
  const item = document.createElement("li");
  item.textContent = content.message;
  if (state === "failed") {
    const button = document.createElement("button");
    button.textContent = "Try again";
    button.onclick = () => conversation.retry(key);
    item.append(" was not sent. ", button);
  }
  return item;
}
