import { $, post } from "/asset/base.js";

const form = $("you");
const questions = $("questions");
const applies = [...questions.querySelectorAll('[name="yes"]')];
const alone = [...questions.querySelectorAll('[name="alone"]')];

// Of the last two one stands alone: it goes with nothing that is ticked.
questions.addEventListener("change", (e) => {
  if (!e.target.checked) return;
  const others = alone.includes(e.target) ? [...applies, ...alone] : alone;
  for (const other of others) {
    if (other !== e.target) other.checked = false;
  }
  $("questions-wrong").textContent = "";
});

form.addEventListener("change", () => { $("saved").hidden = true; });

form.addEventListener("submit", async (e) => {
  e.preventDefault();
  $("you-wrong").textContent = "";
  $("questions-wrong").textContent = "";
  try {
    await post("/you", new FormData(form));
    location.assign("/you?saved");
  } catch (err) {
    const answered = [...applies, ...alone].some((box) => box.checked);
    $(answered ? "you-wrong" : "questions-wrong").textContent = err.message;
    if (!answered) applies[0].focus();
  }
});
