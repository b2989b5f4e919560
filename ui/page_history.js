// Who is it, and which conversation is shown? Both are random numbers that this browser made up:
// the person's for all windows, the conversation's for this one. The menu comes from the server.
const PERSON = "askdocs-person", CONVERSATION = "askdocs-conversation";
const number = () => Array.from(crypto.getRandomValues(new Uint8Array(16)),
  (byte) => byte.toString(16).padStart(2, "0")).join("");

// A browser may be told to keep nothing: then a reload begins anew.
function recall(store, name) {
  try { return store().getItem(name); } catch { return null; }
}
function keep(store, name, value) {
  try { store().setItem(name, value); } catch { /* nothing is kept */ }
}
const here = () => sessionStorage, everywhere = () => localStorage;

const person = recall(everywhere, PERSON) ?? number();
keep(everywhere, PERSON, person);

function open(conversation) {
  keep(here, CONVERSATION, conversation);
  keep(everywhere, CONVERSATION, conversation);
  props.value = { person, conversation };
  knock(conversation);
}
// A busy server may turn a visitor away; until it has opened the conversation, ask it again.
function knock(conversation) {
  if (props.value?.conversation !== conversation || props.opened === conversation) return;
  trigger("open", { person, conversation });
  setTimeout(() => knock(conversation), 5000);
}
open(recall(here, CONVERSATION) ?? recall(everywhere, CONVERSATION) ?? number());

const menu = () => element.querySelector("#history-menu");
const button = () => element.querySelector("#show-history");
const isOpen = () => element.dataset.open === "true";
function setOpen(isShown) {
  element.dataset.open = String(isShown);
  button()?.setAttribute("aria-expanded", String(isShown));
}
function show() {
  setOpen(isOpen());
  for (const time of element.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    time.textContent = at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  }
  const current = element.querySelector(`[data-conversation="${props.value?.conversation}"] .open`);
  current?.setAttribute("aria-current", "true");
}

element.addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  if (!pressed) return;
  const row = pressed.closest("li"), confirm = row?.querySelector(".confirm");
  if (pressed.id === "show-history") {
    setOpen(!isOpen());
  } else if (pressed.matches(".new")) {
    begin();
  } else if (pressed.matches(".open")) {
    setOpen(false);
    button().focus();
    open(row.dataset.conversation);
  } else if (pressed.dataset.save) {
    trigger("save", { form: pressed.dataset.save, at: Date.now() });
  } else if (pressed.matches(".remove")) {
    confirm.hidden = false;
    confirm.querySelector('[data-delete="no"]').focus();
  } else if (pressed.dataset.delete === "no") {
    confirm.hidden = true;
    row.querySelector(".remove").focus();
  } else if (pressed.dataset.delete === "yes") {
    const { conversation } = row.dataset;
    trigger("delete", { person, conversation });
    if (conversation === props.value?.conversation) begin();
  }
});

function begin() {
  setOpen(false);
  open(number());
  document.querySelector("#question textarea")?.focus();
}
document.addEventListener("click", (event) => {
  if (event.target.closest?.("#anew button")) begin();
  else if (isOpen() && event.target.isConnected && !element.contains(event.target)) setOpen(false);
});
element.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isOpen()) return;
  setOpen(false);
  button().focus();
});

// A file for the person: made here, so that no address on the server holds what was said.
function download() {
  if (!props.saved) return;
  const { name, type, text } = props.saved;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
watch("rows", show);
watch("opened", () => {
  show();
  const wanted = props.value?.conversation; // of two opened in quick succession the first may come last
  if (wanted && props.opened !== wanted) trigger("open", { person, conversation: wanted });
});
watch("saved", () => { show(); download(); });
show();
