// A button beside every password that shows what is typed; without scripts the field is as it was.
document.querySelectorAll("input[data-password]").forEach((input) => {
  const around = document.createElement("span");
  const button = document.createElement("button");
  around.className = "password-input";
  button.type = "button";
  button.setAttribute("aria-controls", input.id);
  input.before(around);
  around.append(input, button);
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? input.dataset.hide : input.dataset.show;
    button.setAttribute("aria-label", `${button.textContent}: ${input.labels[0]?.textContent ?? ""}`.trim());
  };
  show(false);
  button.addEventListener("click", () => show(input.type === "password"));
  // Browsers keep what was sent from a text field.
  input.form?.addEventListener("submit", () => show(false));
  addEventListener("pagehide", () => show(false));
});
