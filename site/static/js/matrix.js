// The access overview: find a person while typing, walk its cells by arrow keys, read "why?" without leaving it.
const box = document.querySelector(".matrix-box");
const rows = box ? [...box.querySelectorAll("tbody tr")] : [];
const field = document.getElementById("matrix-query");
const count = document.getElementById("matrix-count");
const everybody = count?.textContent;
const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

function filterRows() {
  const words = wordsOf(field.value);
  let shown = 0;
  for (const row of rows) {
    row.hidden = !words.every((word) => row.dataset.find.includes(word));
    if (!row.hidden) shown += 1;
  }
  count.textContent = words.length && shown !== rows.length ? count.dataset.some.replace("{n}", shown) : everybody;
  setStops();
}

// One stop for the Tab key, then arrows: two hundred people at fifty clinics are ten thousand links. Where each person
// is a card, each link that is seen is a stop of its own.
const cells = rows.map((row) => [...row.querySelectorAll("td > a")]);
const links = cells.flat();
const areCards = () => getComputedStyle(box.querySelector("thead")).display === "none";
const isSeen = (link) => link.checkVisibility();
let current;
let cards;

function setStops() {
  if (!links.length) return;
  if (areCards() !== cards) {
    cards = areCards();
    for (const link of links) link.tabIndex = cards ? 0 : -1;
  }
  if (!current || !isSeen(current)) makeCurrent(links.find(isSeen));
  else makeCurrent(current);
}

function makeCurrent(link) {
  if (current && !cards) current.tabIndex = -1;
  current = link;
  if (current) current.tabIndex = 0;
}

function goTo(link) {
  if (!link) return;
  makeCurrent(link);
  link.focus();
}

// The nearest that is seen, from one on in steps: along a row, or along a column.
function along(list, from, step) {
  for (let place = from; list[place]; place += step) if (isSeen(list[place])) return list[place];
  return undefined;
}

box?.addEventListener("keydown", (event) => {
  const link = event.target.closest("td > a");
  if (!link || event.altKey || event.metaKey) return;
  const column = link.parentElement.cellIndex - 1;
  const row = rows.indexOf(link.closest("tr"));
  const line = cells[row];
  const down = () => cells.map((each) => each[column]);
  const ways = {
    ArrowLeft: () => along(line, column - 1, -1),
    ArrowRight: () => along(line, column + 1, 1),
    ArrowUp: () => along(down(), row - 1, -1),
    ArrowDown: () => along(down(), row + 1, 1),
    Home: () => along(event.ctrlKey ? links : line, 0, 1),
    End: () => along(event.ctrlKey ? links : line, (event.ctrlKey ? links : line).length - 1, -1),
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

// The file and the paper are of what is on the page. What is typed and not yet sent is sent first; the address's
// fragment, which outlives the redirect, says what was to be done then.
document.addEventListener(
  "click",
  (event) => {
    const wish = event.target.closest("[data-of-found]");
    if (!wish || !field || wordsOf(field.value).join(" ") === wordsOf(field.defaultValue).join(" ")) return;
    event.preventDefault();
    event.stopPropagation();
    field.form.action = `${location.pathname}${location.search}#${wish.id}`;
    field.form.requestSubmit();
  },
  { capture: true },
);

if (field && count) field.addEventListener("input", filterRows);
if (box) addEventListener("resize", setStops);
setStops();
const wished = document.getElementById(location.hash.slice(1));
if (wished?.matches("[data-of-found]")) {
  history.replaceState(null, "", location.pathname + location.search);
  addEventListener("load", () => wished.click()); // then the page's other scripts listen, too
}
