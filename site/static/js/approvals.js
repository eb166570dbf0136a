// An approver's press waits for a quantity that was just typed: what is approved is what the page shows.
const CONTENT = "approval-content";
let unsent = 0;
let pressed = false;

const isContent = (event) => event.detail.target?.id === CONTENT;
const changed = new Set();

document.addEventListener("change", (event) => {
  if (event.target.closest(`#${CONTENT} .stepper`)) changed.add(event.target.id);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isContent(event)) return;
  unsent += 1;
  event.target.querySelectorAll("input").forEach((input) => changed.delete(input.id));
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (isContent(event)) unsent -= 1;
});

// In the capture phase, so that the form does not count as sent.
document.addEventListener("submit", (event) => {
  if (!event.target.closest("#approval-verdict") || (unsent === 0 && changed.size === 0)) return;
  event.preventDefault();
  pressed = true;
}, true);

document.addEventListener("htmx:afterSettle", (event) => {
  if (!isContent(event) || unsent > 0 || changed.size > 0) return;
  if (pressed) {
    document.querySelector("[data-press-again]")?.removeAttribute("hidden");
    document.querySelector("#approval-verdict button")?.focus();
  } else if (document.activeElement === document.body) {
    // The removed line's button is gone.
    const heading = document.querySelector(`#${CONTENT} h2`);
    heading.tabIndex = -1;
    heading.focus();
  }
  pressed = false;
});
