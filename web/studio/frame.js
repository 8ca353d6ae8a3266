// The frame of the page: what the service is, the commands of the page, the columns of the people, and the panels.

import { button, describe, element, icon, iconButton, setText } from "../view.js";
import { openConnectDialog } from "./connect_dialog.js";
import { openPersonDialog } from "./person_dialog.js";
import { followShortcuts } from "./shortcuts.js";

const $ = (id) => document.getElementById(id);

/** Returns { show, fail }: what fills the page, and what shows that it cannot be filled. begin(service) begins with another service. */
export function mountFrame(version, begin) {
  let studio;
  $("top").title = `acschat ${version}`;
  const beginAgain = async (service) => {
    $("problem").replaceChildren();
    await begin(service);
  };
  const focusComposer = (index) => {
    studio?.dispatchEvent(new CustomEvent("view", { detail: `person-${index}` }));
    $(`message-${index}`)?.focus();
  };
  const focusTab = (name) => {
    studio?.dispatchEvent(new CustomEvent("view", { detail: "tools" }));
    studio?.dispatchEvent(new CustomEvent("panel", { detail: name }));
    $(`tab-${name}`)?.focus();
  };
  const openShortcuts = followShortcuts([
    { keys: ["1", "2", "3"], does: "goes to a person’s message", run: (key) => focusComposer(Number(key) - 1) },
    { keys: ["r"], does: "shows the requests", run: () => focusTab("requests") },
    { keys: ["o"], does: "shows the operations", run: () => focusTab("operations") },
    { keys: ["f"], does: "shows the faults", run: () => focusTab("faults") },
  ]);
  $("commands").append(
    command("people", "Add a person", () => studio && openPersonDialog(studio)),
    command("link", "Use a resource", () => openConnectDialog(beginAgain)),
    iconButton("help", "Keyboard shortcuts", openShortcuts),
  );
  return {
    show(next, mountColumn, panels) {
      studio = next;
      $("people").replaceChildren();
      $("tools").replaceChildren();
      showService(studio.service);
      mountTabs($("tools"), studio, panels);
      studio.addEventListener("people", ({ detail: person }) => {
        const root = element("section", { class: "column", id: `person-${person.index}`, "data-hue": person.index % 6, "aria-label": person.displayName });
        $("people").append(root);
        mountColumn(root, studio, person);
        showViews(studio);
      });
      studio.addEventListener("view", ({ detail: view }) => {
        studio.link.set({ view });
        showViews(studio);
      });
    },
    fail(error) {
      setText($("service"), "");
      $("problem").replaceChildren(...describe(error));
    },
  };
}

/** Returns a button whose text a phone leaves out. */
const command = (name, label, action) => button([icon(name), element("span", {}, label)], action, { class: "command", "aria-label": label, title: label });

function showService({ kind, label }) {
  $("service").dataset.kind = kind;
  $("service").title = kind === "live" ? "A real resource: what you do here is done there" : "Nothing here costs anything or reaches anybody";
  $("service").replaceChildren(kind === "live" ? element("strong", {}, "Live ") : "", label);
}

/** Fills root with one tab for each panel. The link says which is open. */
function mountTabs(root, studio, panels) {
  const list = element("div", { class: "tabs", role: "tablist", "aria-label": "Tools" });
  const tabs = panels.map(({ name, title, mount }) => {
    const panel = element("div", { class: "panel", id: `panel-${name}`, role: "tabpanel", "aria-labelledby": `tab-${name}`, tabindex: "-1" });
    const tab = button(title, () => choose(name), { id: `tab-${name}`, role: "tab", "aria-controls": `panel-${name}` });
    root.append(panel);
    mount(panel, studio);
    return { name, tab, panel };
  });
  list.append(...tabs.map(({ tab }) => tab));
  root.prepend(list);
  list.addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const at = tabs.findIndex(({ tab }) => tab === document.activeElement);
    const { name, tab } = tabs[(at + step + tabs.length) % tabs.length];
    choose(name);
    tab.focus();
  });

  function choose(name) {
    for (const each of tabs) {
      const isChosen = each.name === name;
      each.tab.setAttribute("aria-selected", isChosen);
      each.tab.tabIndex = isChosen ? 0 : -1;
      each.panel.hidden = !isChosen;
    }
    studio.link.set({ panel: name === panels[0].name ? undefined : name });
  }

  const wanted = studio.link.get("panel");
  choose(panels.some(({ name }) => name === wanted) ? wanted : panels[0].name);
  studio.addEventListener("panel", ({ detail: name }) => tabs.some((each) => each.name === name) && choose(name));
}

/** Shows a button for each person and one for the tools: a narrow page shows one of them at a time. */
function showViews(studio) {
  const views = [...studio.people.map(({ index, displayName }) => [`person-${index}`, displayName]), ["tools", "Tools"]];
  const wanted = studio.link.get("view") ?? (studio.link.get("panel") && "tools"); // a link from a wide page has no view
  const shown = views.some(([view]) => view === wanted) ? wanted : "person-0";
  $("views").replaceChildren(...views.map(([view, title]) => button(title, () => studio.dispatchEvent(new CustomEvent("view", { detail: view })), { "aria-pressed": String(view === shown) })));
  document.documentElement.dataset.view = shown === "tools" ? "tools" : "people";
  for (const column of $("people").children) column.classList.toggle("chosen", column.id === shown);
}
