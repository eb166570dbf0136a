// Small things: close a message, print, remember the view of product lists.
document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".message").remove();
  if (event.target.closest("[data-print]")) print();
  const view = event.target.closest("a[data-view]");
  if (view) document.cookie = `view=${view.dataset.view};path=/;max-age=31536000;samesite=lax`;
});

// Tabs wider than a phone: the page's own is in sight.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft + tab.offsetWidth - tab.parentElement.clientWidth / 2 - tab.offsetWidth / 2;
