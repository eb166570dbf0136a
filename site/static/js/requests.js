// What htmx brings: the dialog opens, totals are read out, faults are told in words, the focus stays.
const dialog = document.getElementById("dialog");
const toasts = document.getElementById("toasts");

function tell(name) {
  const notice = document.getElementById(`notice-${name}`).content.cloneNode(true);
  toasts.replaceChildren(notice);
}

function kindOf(status) {
  if (status === 401 || status === 403) return "refused";
  return status === 404 || status === 410 ? "missing" : "failed";
}

document.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  if (target === dialog && dialog.childElementCount && !dialog.open) dialog.showModal();
  if (target.id === "basket-content") {
    const live = document.getElementById("basket-live");
    if (live) live.textContent = target.querySelector("[data-announce]")?.textContent ?? "";
  }
});

// After a line is removed its button is gone: go on from the undo button or the heading.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "basket-content" || document.activeElement !== document.body) return;
  const next = event.detail.target.querySelector(".undo button, .empty a, h2");
  if (next?.matches("h2")) next.tabIndex = -1;
  next?.focus();
});

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
dialog.addEventListener("close", () => dialog.replaceChildren());

document.addEventListener("htmx:beforeRequest", () => toasts.replaceChildren());
document.addEventListener("htmx:sendError", () => tell("offline"));
document.addEventListener("htmx:timeout", () => tell("offline"));
document.addEventListener("htmx:responseError", (event) => tell(kindOf(event.detail.xhr.status)));
