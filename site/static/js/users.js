// Long lists of clinics: tick all of them, or none.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tick-all]");
  if (!button) return;
  const boxes = [...button.closest("[data-ticks]").querySelectorAll("input[type=checkbox]")];
  const all = boxes.every((box) => box.checked);
  boxes.forEach((box) => (box.checked = !all));
});
