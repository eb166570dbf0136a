// − and + around a number field. A field with presses not yet sent is marked, so that an older answer cannot overwrite it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-step]");
  if (!button) return;
  const input = button.closest(".stepper").querySelector("input");
  const before = input.value;
  if (button.dataset.step > 0) input.stepUp();
  else input.stepDown();
  if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  if (event.target.closest("#basket-content .stepper")) event.target.dataset.unsent = "";
});

document.addEventListener("htmx:beforeRequest", (event) => {
  event.target.querySelectorAll?.("[data-unsent]").forEach((input) => delete input.dataset.unsent);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  if (target.id === "basket-content" && target.querySelector("[data-unsent]")) event.detail.shouldSwap = false;
});

// Going on to the checkout waits for what was just changed: leaving the page at once would drop it.
let sending = 0;
let goingTo = null;

const isBasket = (event) => event.detail.target?.id === "basket-content";
const hasUnsent = () => sending > 0 || document.querySelector("#basket-content [data-unsent]") !== null;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isBasket(event)) sending += 1;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!isBasket(event)) return;
  sending -= 1;
  if (!event.detail.successful) goingTo = null;
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-after-changes]");
  if (!link || !hasUnsent()) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  goingTo = link.href;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!isBasket(event) || !goingTo || hasUnsent()) return;
  const isRight = !document.querySelector("#basket-content .basket-line-wrong");
  if (isRight && document.querySelector("a[data-after-changes]")) location.assign(goingTo);
  goingTo = null;
});
