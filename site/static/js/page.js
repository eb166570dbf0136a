// Small things: close a message, print, remember the view of product lists.
document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".message").remove();
  if (event.target.closest("[data-print]")) print();
  const view = event.target.closest("a[data-view]");
  if (view) document.cookie = `view=${view.dataset.view};path=/;max-age=31536000;samesite=lax`;
});
