// The calendar of dispatch dates: days are chosen without a new page, and walked through with the arrow keys.
// Months are turned by the server (htmx); every day carries what is to be said of it.
const DAY = 86_400_000;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
let wanted = "";

const calendar = () => document.querySelector("[data-calendar]");
const everyDay = () => [...calendar().querySelectorAll(".day")];
const days = () => everyDay().filter((day) => day.offsetParent !== null);
const live = (text) => {
  document.getElementById("calendar-live").textContent = text;
};
const dateOf = (text) => new Date(`${text}T00:00:00Z`);
const textOf = (date) => date.toISOString().slice(0, 10);

// One day is reached by the Tab key, the others by the arrows.
function rove(to) {
  for (const day of everyDay()) day.tabIndex = day === to ? 0 : -1;
}

function start() {
  if (!calendar()) return;
  for (const table of calendar().querySelectorAll(".month")) table.setAttribute("role", "grid");
  const shown = days().length ? days() : everyDay(); // none is seen while the order leaves as agreed
  const first = shown.find((day) => day.matches("[aria-pressed=true]")) ?? shown.find((day) => day.matches("[aria-pressed]")) ?? shown[0];
  if (first) rove(first);
}

function say(day) {
  const note = calendar().querySelector(".calendar-note");
  note.querySelector("span").textContent = day?.dataset.note ?? (note.dataset.chosen || note.querySelector("span").textContent);
}

function choose(day) {
  say(day);
  if (!day.matches("[aria-pressed]")) return;
  for (const pressed of calendar().querySelectorAll("[aria-pressed=true]")) pressed.setAttribute("aria-pressed", "false");
  day.setAttribute("aria-pressed", "true");
  calendar().querySelector("[name=dispatch_date]").value = day.value;
  calendar().querySelector(".calendar-note").dataset.chosen = day.dataset.note;
  live(day.dataset.note);
}

// The day after so many months, or the month's last where it has none such.
function monthsOn(date, months) {
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0));
  return new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(date.getUTCDate(), last.getUTCDate())));
}

function target(key, date) {
  if (key in STEPS) return new Date(date.getTime() + STEPS[key] * DAY);
  const weekday = (date.getUTCDay() + 6) % 7;
  if (key === "Home") return new Date(date.getTime() - weekday * DAY);
  if (key === "End") return new Date(date.getTime() + (6 - weekday) * DAY);
  if (key === "PageUp") return monthsOn(date, -1);
  return key === "PageDown" ? monthsOn(date, 1) : null;
}

function go(date) {
  const text = textOf(date);
  const day = days().find((shown) => shown.value === text);
  if (day) {
    rove(day);
    day.focus();
    return;
  }
  const isEarlier = text < days()[0].value;
  const button = document.getElementById(isEarlier ? "month-previous" : "month-next");
  if (button.disabled) return;
  wanted = text;
  button.click();
}

document.addEventListener("keydown", (event) => {
  const day = event.target.closest?.("[data-calendar] .day");
  if (!day || event.ctrlKey || event.altKey || event.metaKey) return;
  const date = target(event.key, dateOf(day.value));
  if (!date) return;
  event.preventDefault();
  go(date);
});

document.addEventListener("click", (event) => {
  const day = event.target.closest("[data-calendar] .day");
  if (!day) return;
  event.preventDefault();
  rove(day);
  choose(day);
});

for (const [name, isOver] of [["focusin", true], ["pointerover", true], ["focusout", false], ["pointerout", false]]) {
  document.addEventListener(name, (event) => {
    const day = event.target.closest?.("[data-calendar] .day");
    if (day && (isOver || !day.matches(":focus"))) say(isOver ? day : calendar().querySelector(".day:focus"));
  });
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "part-dispatch" && !event.detail.elt?.querySelector?.("[data-calendar]")) return;
  start();
  if (wanted) {
    const date = dateOf(wanted);
    wanted = "";
    const day = days().find((shown) => shown.value === textOf(date));
    if (day) go(date);
  } else if (document.activeElement?.id.startsWith("month-")) {
    live(calendar().querySelector("caption").textContent);
  }
});

start();
