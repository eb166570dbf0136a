// Passkeys: what a page asks the browser for goes back in its form. Forms that need one are hidden without.
const api = window.webauthnJSON;
const usable = Boolean(window.PublicKeyCredential && api);

async function optionsOf(form) {
  const inPage = form.querySelector("script[type='application/json']");
  if (inPage) return JSON.parse(inPage.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

async function use(form) {
  const problem = form.querySelector("[data-passkey-problem]");
  const known = form.querySelector("[data-passkey-known]");
  for (const note of [problem, known]) if (note) note.hidden = true;
  try {
    const options = await optionsOf(form);
    const credential = await (form.dataset.passkey === "add" ? api.create(options) : api.get(options));
    form.elements.credential.value = JSON.stringify(credential);
    HTMLFormElement.prototype.submit.call(form);
  } catch (error) {
    const note = error.name === "InvalidStateError" && known ? known : problem;
    note.hidden = false;
  }
}

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  form.hidden = !usable;
  const button = form.querySelector("[data-passkey-use]");
  button.addEventListener("click", () => use(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault(); // Enter in the name's field
    use(form);
  });
});
document.querySelectorAll("[data-without-passkeys]").forEach((note) => (note.hidden = usable));
