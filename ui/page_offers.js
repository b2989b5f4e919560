// What can be done with an answer, and asked after it? Offers go the moment that a question
// leaves, and those that come late, for an older answer, are never shown.
const questions = () => document.querySelectorAll("#conversation .question").length;
const chat = () => document.getElementById("conversation");
const box = () => document.querySelector("#question textarea");
let left = -1;

function show() {
  const after = Number(element.querySelector(".offers")?.dataset.after ?? -1);
  const isWaiting = Boolean(chat()?.querySelector(".pending"));
  const isShown = after > left && after === questions() && !isWaiting;
  if (element.dataset.shown !== String(isShown)) element.dataset.shown = String(isShown);
}
function leave() {
  left = questions();
  show();
}
function ask(data) {
  leave();
  trigger("ask", data);
}
watch("rows", show);
new MutationObserver(() => {
  // Gradio calls its buttons a list without items, which a screen reader makes nothing of.
  chat()?.querySelector('.examples[role="list"]')?.setAttribute("role", "group");
  if (questions() < left) left = -1; // another conversation
  show();
}).observe(document.body, { childList: true, subtree: true }); // the chat may not be there yet

// Whatever sends a question, seen before Gradio sees it
document.addEventListener("keydown", (event) => {
  const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (sends && event.target === box() && box().value.trim()) leave();
}, true);
document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("button");
  if (!pressed) return;
  const sends = pressed.matches("#question .submit-button") && box().value.trim();
  if (sends || pressed.matches("#conversation .example")) leave();
}, true);

element.addEventListener("click", (event) => {
  const pressed = event.target.closest("button.offer");
  if (pressed) ask({ question: pressed.textContent });
});

// Deeds on an answer
const numberOf = (node) => Number(node.closest(".answer").dataset.answer);
const DEEDS = {
  again: (pressed) => ask({ again: numberOf(pressed), all: pressed.dataset.all === "true" }),
  edit(pressed) {
    const area = box();
    area.value = pressed.parentElement.querySelector("q").textContent;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  },
  unfold(pressed) {
    pressed.parentElement.querySelector(".quotation").classList.remove("folded");
    pressed.remove();
  },
  async copy(pressed) {
    const figure = pressed.closest("figure");
    const quotation = figure.querySelector(".quotation").textContent;
    await write(`“${quotation}”\n— ${figure.querySelector(".where").textContent}`);
    const label = pressed.textContent;
    if (label === props.copied) return;
    pressed.textContent = props.copied;
    setTimeout(() => { pressed.textContent = label; }, 2000);
  },
  judge(pressed) {
    const form = pressed.closest(".feedback").querySelector("form");
    form.hidden = pressed.dataset.asks !== "true";
    form.dataset.verdict = pressed.dataset.verdict;
    say(pressed, pressed.dataset.verdict, "");
    if (!form.hidden) form.querySelector("input").focus();
  },
};
const say = (node, verdict, words) =>
  trigger("judge", { answer: numberOf(node), verdict, words, at: Date.now() });

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // not allowed where the page comes over plain HTTP from another computer
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("#conversation button[data-deed]");
  if (pressed) DEEDS[pressed.dataset.deed](pressed);
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("#conversation form.right-words");
  if (!form) return;
  event.preventDefault();
  say(form, form.dataset.verdict, form.querySelector("input").value);
  form.hidden = true;
});
watch("noted", () => {
  show();
  const noted = props.noted;
  const answer = noted && chat().querySelector(`.answer[data-answer="${noted.answer}"]`);
  if (!answer) return;
  for (const each of answer.querySelectorAll("[data-verdict]"))
    each.setAttribute("aria-pressed", String(each.dataset.verdict === noted.verdict));
  answer.querySelector(".noted").textContent = noted.words;
});
