// Which documents are ticked? The value is the list of unticked names, kept by the browser alone,
// for this person's next visit too; the rows come from the server.
const UNTICKED = "askdocs-unticked";
const REST = "\u0000rest";
const rows = () => [...element.querySelectorAll("li[data-name]")];
const boxOf = (row) => row.querySelector("input");

function count() {
  const total = Number(element.querySelector("fieldset")?.dataset.count ?? 0);
  const unlisted = (props.value ?? []).includes(REST) ? total - rows().length : 0;
  const unticked = rows().filter((row) => !boxOf(row).checked).length;
  const shown = element.querySelector(".ticked b");
  if (shown) shown.textContent = (total - unticked - unlisted).toLocaleString("en");
}

function show() {
  const unticked = new Set(props.value ?? []);
  for (const row of rows()) {
    boxOf(row).checked = !unticked.has(row.dataset.name);
    row.querySelector(".confirm").hidden = true;
  }
  count();
}

function keep(rest) {
  const unticked = rows().filter((row) => !boxOf(row).checked).map((row) => row.dataset.name);
  props.value = rest ? [...unticked, REST] : unticked;
  try { localStorage.setItem(UNTICKED, JSON.stringify(props.value)); } catch { /* not kept */ }
  count();
}
function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(UNTICKED) ?? "[]");
    return Array.isArray(kept) ? kept.filter((name) => typeof name === "string") : [];
  } catch { return []; }
}

const restIsOut = () => (props.value ?? []).includes(REST);

element.addEventListener("change", () => keep(restIsOut()));
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const row = button.closest("li");
  const { tick, ask, remove } = button.dataset;
  if (tick) {
    for (const each of rows()) boxOf(each).checked = tick === "all";
    keep(tick === "none");
  } else if (ask) {
    row.querySelector(".confirm").hidden = false;
    row.querySelector('[data-remove="no"]').focus();
  } else if (remove === "yes") {
    trigger("remove", { name: row.dataset.name });
  } else if (remove === "no") {
    row.querySelector(".confirm").hidden = true;
    row.querySelector(".remove").focus();
  }
});
// What is set before the first rows came is overwritten by the page's own beginning.
let isRecalled = false;
watch("rows", () => {
  if (!isRecalled) props.value = recall();
  isRecalled = true;
  show();
});
show();

// On a narrow window the documents lie behind a button at the top.
const rooms = () => document.getElementById("rooms");
const isOpen = () => rooms()?.dataset.documents === "open";
function setOpen(open) {
  rooms().dataset.documents = open ? "open" : "";
  document.getElementById("show-documents")?.setAttribute("aria-expanded", String(open));
}
document.addEventListener("click", (event) => {
  if (event.target.closest?.("#show-documents")) setOpen(!isOpen());
  else if (isOpen() && !event.target.closest?.("#documents")) setOpen(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isOpen()) return;
  setOpen(false);
  document.getElementById("show-documents")?.focus();
});
