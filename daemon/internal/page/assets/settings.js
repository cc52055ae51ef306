import { onState, post } from "/asset/base.js";

const forms = [...document.querySelectorAll("form.setting")];
const fieldOf = (form) => form.elements.value;

// mark shows the button only where there is something to save. Its room is kept.
function mark(form) {
  form.classList.toggle("changed", fieldOf(form).value !== form.dataset.was);
}

function tell(form, text, bad) {
  form.querySelector(".wrong").textContent = text;
  form.classList.toggle("bad", bad);
  fieldOf(form).setAttribute("aria-invalid", String(bad));
}

for (const form of forms) {
  form.dataset.was = fieldOf(form).value;
  mark(form);
  fieldOf(form).addEventListener("input", () => { tell(form, "", false); mark(form); });
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const value = fieldOf(form).value;
    try {
      await post("/settings", { key: form.dataset.key, value });
      form.dataset.was = value;
      tell(form, "", false);
      mark(form);
      form.classList.add("saved");
      setTimeout(() => form.classList.remove("saved"), 2500);
      await refresh();
    } catch (err) {
      const { message = err.message, hint = "" } = err.cause ?? {};
      tell(form, hint && !message.includes(hint) ? message + ". " + hint : message, true);
    }
  });
}

// refresh takes over what has changed in the file, but for what is being typed.
async function refresh() {
  const answer = await fetch("/values");
  if (!answer.ok) return;
  const values = await answer.json();
  for (const form of forms) {
    const value = values[form.dataset.key];
    const untouched = fieldOf(form).value === form.dataset.was;
    if (value === undefined || value === form.dataset.was) continue;
    form.dataset.was = value;
    if (untouched) fieldOf(form).value = value;
    mark(form);
  }
}

let revision = "";
onState((s) => {
  const now = s.boot + s.rev;
  if (revision && now !== revision) refresh().catch(() => {});
  revision = now;
});
