// The access overview: find a person while typing, walk its cells by arrow keys, read "why?" without leaving it.
const box = document.querySelector(".matrix-box");
const rows = box ? [...box.querySelectorAll("tbody tr")] : [];
const field = document.getElementById("matrix-query");
const count = document.getElementById("matrix-count");
const everybody = count?.textContent;

function filterRows() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    row.hidden = !words.every((word) => row.dataset.find.includes(word));
    if (!row.hidden) shown += 1;
  }
  count.textContent = words.length && shown !== rows.length ? count.dataset.some.replace("{n}", shown) : everybody;
}
if (field && count) field.addEventListener("input", filterRows);

// One stop for the Tab key, then arrows: two hundred people at fifty clinics are ten thousand links.
const cells = rows.map((row) => [...row.querySelectorAll("td > a")]);
let current = cells[0]?.[0];
for (const link of cells.flat()) link.tabIndex = link === current ? 0 : -1;

function goTo(link) {
  if (!link) return;
  current.tabIndex = -1;
  current = link;
  current.tabIndex = 0;
  current.focus();
}

function inSight(start, step, column) {
  for (let row = start + step; row >= 0 && row < rows.length; row += step) if (!rows[row].hidden) return cells[row][column];
  return undefined;
}

box?.addEventListener("keydown", (event) => {
  const link = event.target.closest("td > a");
  if (!link || event.altKey || event.metaKey) return;
  const column = link.parentElement.cellIndex - 1;
  const row = rows.indexOf(link.closest("tr"));
  const line = cells[row];
  const ways = {
    ArrowLeft: () => line[column - 1],
    ArrowRight: () => line[column + 1],
    ArrowUp: () => inSight(row, -1, column),
    ArrowDown: () => inSight(row, 1, column),
    Home: () => (event.ctrlKey ? inSight(-1, 1, 0) : line[0]),
    End: () => (event.ctrlKey ? inSight(rows.length, -1, line.length - 1) : line.at(-1)),
  };
  if (!ways[event.key]) return;
  event.preventDefault();
  goTo(ways[event.key]());
});

box?.addEventListener("click", (event) => {
  const link = event.target.closest("td > a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  goTo(link);
  htmx.ajax("GET", link.href, { target: "#dialog", swap: "innerHTML" });
});
