// A basket that colleagues fill too: what they change appears by itself, but never over what is being typed.
const EVERY = 8_000;
const HEARTBEAT = 10_000;
const IDLE = 30 * 60_000;

let lastSign = Date.now();
for (const sign of ["pointerdown", "pointermove", "keydown", "scroll"]) {
  addEventListener(sign, () => { lastSign = Date.now(); }, { passive: true });
}
const isAwake = () => !document.hidden && Date.now() - lastSign < IDLE;

const content = document.querySelector("#basket-content[data-live-url]");
const notice = document.getElementById("live-notice");
const stamp = () => content.querySelector("[data-stamp]")?.dataset.stamp ?? "";
let isAsking = false;

// Something is focused, open, on its way or typed and not yet sent.
function isBusy() {
  const focused = document.activeElement;
  if (content.contains(focused) && (focused.matches("input, textarea, select") || !focused.id)) return true;
  if (content.querySelector("details[open], .htmx-request, [data-unsent]")) return true;
  return [...content.querySelectorAll("input, textarea, select")].some(isChanged);
}

function isChanged(field) {
  if (field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.matches("select")) return [...field.options].some((option) => option.defaultSelected && !option.selected);
  return field.value !== field.defaultValue;
}

async function ask(known) {
  const query = new URLSearchParams({ clinic: content.dataset.clinic, stamp: known });
  const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
  const answer = await fetch(`${content.dataset.liveUrl}?${query}`, { headers, signal: AbortSignal.timeout(6_000) });
  if (answer.headers.has("HX-Redirect") || (answer.status >= 400 && answer.status < 500)) clearInterval(polling);
  const isNews = answer.status === 200 && !answer.headers.has("HX-Redirect");
  return isNews ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

function show(page) {
  const before = stamp();
  const focused = content.contains(document.activeElement) ? document.activeElement.id : "";
  const count = page.getElementById("basket-count");
  if (count) {
    count.removeAttribute("hx-swap-oob");
    document.getElementById("basket-count")?.replaceWith(count);
  }
  content.replaceChildren(...page.body.childNodes);
  htmx.process(content);
  notice.replaceChildren();
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  // Who is there too is seen; only what is in the basket is read out.
  if (before.split("-")[0] !== stamp().split("-")[0]) announce();
}

function announce() {
  const text = content.querySelector("[data-live-announce]")?.textContent ?? "";
  document.getElementById("basket-live").textContent = text;
}

function tell() {
  if (notice.childElementCount) return;
  notice.append(document.getElementById("live-notice-text").content.cloneNode(true));
}

async function look() {
  if (isAsking || !isAwake()) return;
  isAsking = true;
  try {
    const known = stamp();
    const page = await ask(known);
    if (!page || stamp() !== known) return; // the answer to something the person did came first
    if (isBusy()) tell();
    else show(page);
  } catch {
    // No contact: the next question comes soon, and what the person does tells them.
  } finally {
    isAsking = false;
  }
}

const polling = content ? setInterval(look, EVERY) : 0;
if (content) {
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === content) notice.replaceChildren();
  });
  notice.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-live-show]")) return;
    const page = await ask("").catch(() => null);
    if (!page) return;
    show(page);
    const title = document.getElementById("basket-title") ?? content.querySelector("h2");
    title?.setAttribute("tabindex", "-1");
    title?.focus();
  });
}

// The review page says that somebody stands there, and hears whether what it shows still holds.
setInterval(() => {
  const heart = document.querySelector("form[data-heartbeat]");
  if (heart && isAwake()) htmx.trigger(heart, "beat");
}, HEARTBEAT);
