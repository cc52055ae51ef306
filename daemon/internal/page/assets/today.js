import { $, elapsed, onState, setText, state } from "/asset/base.js";

const ring = 2 * Math.PI * 88;
let figure = "";

// count goes on from the last state at the rate it tells.
function count() {
  const s = state();
  const seconds = Math.max(0, s.load_s + s.rate * elapsed());
  const part = s.limit_s > 0 ? Math.min(1, seconds / s.limit_s) : 0;
  $("arc").setAttribute("stroke-dashoffset", (ring * (1 - part)).toFixed(1));
  $("dial").classList.toggle("full", part >= 1);
  const now = String(Math.floor(s.limit_s < 120 ? seconds : seconds / 60));
  if (now === figure) return;
  const first = figure === "";
  figure = now;
  setText("figure-number", now);
  if (!first && s.limit_s >= 120) refresh(); // the sentences beside it have changed too
}

// refresh gets what stands in words and pictures anew.
let revision = "";
let busy = false;
async function refresh() {
  if (document.visibilityState !== "visible" || busy) return;
  busy = true;
  try {
    const answer = await fetch("/today");
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["now-head", "now-next"]) setText(id, fresh.getElementById(id).textContent);
    const [day, old] = [fresh.getElementById("day"), $("day")];
    const open = old.querySelector("details")?.open;
    if (day.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) {
      old.replaceWith(day);
      const details = day.querySelector("details");
      if (details && open) details.open = true;
    }
  } catch { // the connection says so by itself
  } finally {
    busy = false;
  }
}

onState((s) => {
  setText("now-head", s.head);
  setText("now-next", s.next);
  setText("figure-of", s.of);
  $("snooze").hidden = !s.snooze;
  if (s.snooze) $("snooze").querySelector("button").textContent = s.snooze;
  $("go").hidden = !s.running;
  $("stretch").hidden = s.running;
  $("skip").hidden = !s.waiting;
  $("pause").hidden = s.paused;
  $("resume").hidden = !s.paused;
  $("silence").hidden = !s.silence;
  setText("silence-words", s.silence);
  $("problems").replaceChildren(...s.problems.map((p) => {
    const box = document.createElement("div");
    box.className = "banner";
    const line = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = p.message;
    line.append(strong);
    box.append(line);
    if (p.hint) {
      const hint = document.createElement("p");
      hint.textContent = p.hint;
      box.append(hint);
    }
    return box;
  }));
  count();
  const now = s.boot + s.rev;
  if (revision && now !== revision) refresh();
  revision = now;
});

setInterval(count, 1000);
document.addEventListener("visibilitychange", refresh);
