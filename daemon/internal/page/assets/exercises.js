import { $ } from "/asset/base.js";

const form = $("filters");
const items = [...$("moves").children];

// look shows what is looked for at once. The address tells it, so that it can be come back to.
function look() {
  const want = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
  let shown = 0;
  for (const item of items) {
    item.hidden = !Object.entries(want).every(([name, value]) => item.dataset[name].split(" ").includes(value));
    if (!item.hidden) shown++;
  }
  $("none").hidden = shown > 0;
  $("count").textContent = shown < items.length ? shown + " / " + items.length : "";
  const query = String(new URLSearchParams(want));
  history.replaceState(null, "", query ? "?" + query : location.pathname);
}

$("find").hidden = true;
form.addEventListener("change", look);
form.addEventListener("submit", (e) => { e.preventDefault(); look(); });
look();
