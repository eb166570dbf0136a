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
