// Who is typing. The service tells this over a protocol that is not published, so the page takes it from the other columns' requests.

import { element, listed } from "../view.js";

const shownMs = 9000;

/** Shows in root who types in the thread that threadOf returns. */
export function mountTyping(root, studio, person, threadOf) {
  const typing = new Map(); // { timer }, by person
  studio.exchanges.addEventListener("exchange", ({ detail: { operation, outcome, person: writer, url } }) => {
    if (writer === person || !url.includes(encodeURIComponent(threadOf() ?? "none"))) return;
    if (operation === "sendMessage") stop(writer);
    else if (operation === "sendTypingNotification" && outcome === "success") start(writer);
  });
  render();

  function start(writer) {
    clearTimeout(typing.get(writer));
    typing.set(writer, setTimeout(() => stop(writer), shownMs));
    render();
  }

  function stop(writer) {
    clearTimeout(typing.get(writer));
    if (typing.delete(writer)) render();
  }

  function render() {
    const names = [...typing.keys()].map(({ displayName }) => displayName);
    root.hidden = names.length === 0;
    root.replaceChildren(element("span", { class: "dots", "aria-hidden": "true" }, element("i"), element("i"), element("i")),
      `${listed(names)} ${names.length === 1 ? "is" : "are"} typing`,
      element("span", { class: "tag", title: "The REST API does not deliver typing notifications. The page has seen the request in the other column." }, "from this page"));
  }
}
