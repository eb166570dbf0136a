// The configurator: copying one ear's choices to the other, and keeping what is being typed while an answer comes.
const LIVE = "configurator-live";
const TYPED = "textarea, input:not([type=radio], [type=checkbox], [type=hidden], [type=file])";

const form = () => document.getElementById("configurator");

function copyTo(side) {
  const from = side === "left" ? "right" : "left";
  for (const source of form().querySelectorAll(`[name^="${from}-option-"]`)) {
    const name = source.name.replace(from, side);
    const choice = source.matches("[type=radio], [type=checkbox]");
    const value = choice ? `[value="${CSS.escape(source.value)}"]` : "";
    const target = form().querySelector(`[name="${CSS.escape(name)}"]${value}`);
    if (!target) continue;
    if (!choice) target.value = source.value;
    else if (source.checked) target.disabled = false;
    if (choice) target.checked = source.checked;
  }
  form().querySelector(`#part-${side}`).dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy-to]");
  if (button) copyTo(button.dataset.copyTo);
});

// A press on the button changes the field one comes from: its answer must not take the button from under the pointer.
let pressed = false;
document.addEventListener("pointerdown", (event) => {
  pressed = event.target.closest(".configurator-add") !== null;
});
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => setTimeout(() => (pressed = false)));
}

// What was typed since the request left is newer than what the answer holds.
let typed = new Map();
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "configurator") return;
  if (pressed) event.detail.shouldSwap = false;
  typed = new Map([...form().querySelectorAll(TYPED)].map((input) => [input.id, input.value]));
});

document.addEventListener("htmx:afterSwap", () => {
  for (const [id, value] of typed) {
    const input = document.getElementById(id);
    if (input && input.value !== value) input.value = value;
  }
  typed.clear();
});

document.addEventListener("htmx:afterSettle", () => {
  const live = document.getElementById(LIVE);
  const said = form()?.querySelector("[data-announce]")?.textContent ?? "";
  if (live && live.textContent !== said) live.textContent = said;
  form()?.querySelector(".error-summary[data-focus]")?.focus();
});

// Whom it is for changes nothing of what fits: it is sent once, with the order.
document.addEventListener("change", (event) => { if (event.target.matches("#configurator #id_patient")) event.stopPropagation(); }, true);
