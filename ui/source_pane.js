// Which citation is open? A click or Enter on [n] asks for its document; when that arrives, the
// marked quotation is scrolled into view and the focus goes to the pane. Escape leads back.
for (const [id, name] of Object.entries(props.rooms)) {
  const room = document.getElementById(id);
  room?.setAttribute("role", "region");
  room?.setAttribute("aria-label", name);
}
const empty = props.value;
let cameFrom = null, latest = null;

document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('a[href^="#cite-"]');
  if (!link) return;
  event.preventDefault();
  event.stopPropagation();
  if (!element.contains(link)) cameFrom = link;
  latest = { id: link.getAttribute("href").slice(1), at: Date.now() };
  trigger("cite", latest);
}, true);

function reveal() {
  const pane = element.querySelector(".source-open");
  document.getElementById("rooms").dataset.source = pane ? "open" : "";
  document.querySelector("a.chip.current")?.classList.remove("current");
  if (!pane) return;
  // Of two citations opened in quick succession the first may come last.
  if (latest && Number(pane.dataset.opened) < latest.at) return trigger("cite", latest);
  cameFrom?.classList.add("current");
  pane.tabIndex = -1;
  pane.focus({ preventScroll: true });
  // Where the rooms stand one below the other, the page scrolls too.
  pane.scrollIntoView({ block: "start" });
  const hit = element.querySelector("#hit");
  if (!hit) return;
  const text = hit.parentElement;
  const above = Math.max((text.clientHeight - hit.offsetHeight) / 3, 12);
  text.scrollTop += hit.getBoundingClientRect().top - text.getBoundingClientRect().top - above;
}

function leave() {
  latest = null;
  props.value = empty;
  document.getElementById("rooms").dataset.source = "";
  document.querySelector("a.chip.current")?.classList.remove("current");
  if (cameFrom?.isConnected) {
    cameFrom.focus({ preventScroll: true });
    cameFrom.scrollIntoView({ block: "nearest" });
  }
}

element.addEventListener("click", (event) => {
  if (event.target.closest(".close")) leave();
});
element.addEventListener("keydown", (event) => {
  if (event.key === "Escape") leave();
});
watch("value", reveal);

// A new answer is read from its question on, not from its end.
window.askdocsShowLast = () => {
  requestAnimationFrame(() => {
    const questions = document.querySelectorAll("#conversation .question");
    questions[questions.length - 1]?.scrollIntoView({ block: "start" });
  });
};
