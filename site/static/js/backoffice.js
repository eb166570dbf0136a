// Oscar's own pages leave unsaid what a box ticks, what stands below a column without a head, and how deep a heading is.
const main = document.getElementById("main");
const text = (cell) => cell.innerText.trim();

// After Oscar's scripts, which put boxes into the tables when the page is ready.
jQuery(mend);

function mend() {
  for (const box of main.querySelectorAll("td input:not([type=hidden], [aria-label])")) if (!box.labels?.length) name(box);
  for (const box of main.querySelectorAll("th input[name=select_all]")) {
    box.ariaLabel = box.closest("th").ariaLabel = main.dataset.selectAll;
    for (const link of box.parentElement.querySelectorAll("a")) if (!text(link)) link.remove();
  }
  for (const head of main.querySelectorAll("th")) if (!text(head) && !head.querySelector("input")) head.append(hidden(main.dataset.actions));
  for (const list of main.querySelectorAll("ul[role=tablist]")) list.removeAttribute("role");
  if (!main.querySelector("h2")) for (const heading of main.querySelectorAll("h3")) heading.ariaLevel = "2";
}

// By its column, or by what it ticks, and by the row.
function name(box) {
  const cell = box.closest("td");
  const head = cell.closest("table").querySelectorAll("tr:first-child th")[cell.cellIndex];
  const column = box.type === "checkbox" || !head ? main.dataset.select : text(head);
  box.ariaLabel = `${column} ${[...cell.parentElement.cells].map(text).find(Boolean) ?? ""}`;
}

function hidden(words) {
  const span = document.createElement("span");
  span.className = "sr-only";
  span.textContent = words;
  return span;
}
