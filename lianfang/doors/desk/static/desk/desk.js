// What the desk gains with a script; every page works without one.
//   "/" goes to the search, J and K walk through a list, 1-9 choose a found person;
//   the size of the text changes without losing what was typed; waiting times go on counting; an open menu closes.
// Single letters only count outside fields and never while an input method is composing.

const typing = (node) => node instanceof Element && node.closest("input, textarea, select, [contenteditable]") !== null;

const plain = (event) => !event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target);

/** Moves the focus to the next (+1) or previous (-1) link of the first list that walks. */
const walk = (step) => {
  const links = [...document.querySelectorAll("[data-walk] a.go")];
  if (links.length === 0) return;
  const here = links.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, here + step));
  links[next].focus();
};

/** Moves the focus from a cell of a table to the next one with a link, to the side or up and down. */
const step = (across, down) => {
  let cell = document.activeElement?.closest("[data-grid] td");
  if (!cell) return false;
  const row = cell.parentElement;
  const rows = [...row.parentElement.rows];
  let [x, y] = [cell.cellIndex + across, rows.indexOf(row) + down];
  while (rows[y]?.cells[x]) {
    const link = rows[y].cells[x].querySelector("a");
    if (link) {
      link.focus();
      return true;
    }
    [x, y] = [x + across, y + down];
  }
  return true;
};

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const KEYS = {
  "/": () => document.querySelector("#q")?.focus(),
  j: () => walk(1),
  k: () => walk(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    return;
  }
  if (plain(event) && event.key in ARROWS && step(...ARROWS[event.key])) {
    event.preventDefault();
    return;
  }
  if (!plain(event) || document.documentElement.dataset.keys === "off") return;
  const act = KEYS[event.key.toLowerCase()];
  const choice = /^[1-9]$/.test(event.key) ? document.querySelectorAll("[data-choice]")[event.key - 1] : undefined;
  if (act) act();
  else if (choice) choice.click();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// The size of the text: shown at once, told to the server behind it; if that fails, the next page shows the old size.
document.querySelector("form[data-size-form]")?.addEventListener("submit", (event) => {
  const chosen = event.submitter?.value;
  if (!chosen) return;
  event.preventDefault();
  const form = event.currentTarget;
  document.documentElement.dataset.size = chosen;
  for (const button of form.querySelectorAll("button[name=size]")) {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  }
  const body = new FormData(form);
  body.set("size", chosen);
  fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
});

// How long somebody has been waiting, counted on. The server wrote the first figure in the page's own words.
const count = () => {
  for (const node of document.querySelectorAll("[data-minutes]")) {
    const minutes = Number(node.dataset.minutes) + Math.floor((performance.now() / 1000 + Number(node.dataset.seconds)) / 60);
    if (minutes < 60) node.textContent = node.dataset.words.replace("%", minutes);
  }
};
setInterval(count, 5000);

// A form that came back with something wrong, or an act that was refused: say it first.
document.querySelector("[data-focus]")?.focus();

// On a narrow page the way around is one row to push along: begin where the reader is.
document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
