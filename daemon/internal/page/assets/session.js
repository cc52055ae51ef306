import { $, clock, elapsed, onState, order, post, setText, showing, state, wrong } from "/asset/base.js";

const ring = 2 * Math.PI * 88;
const view = $("session");
let session = null; // as last received
let ended = "";     // how the last one ended, once it has
let felt = false;
let inert = false;

showing(() => (inert ? "" : state().session?.id ?? ""));
document.addEventListener("retired", () => {
  inert = true;
  session = null;
  hush();
  wake();
});

function show(phase) {
  if (view.dataset.phase === phase) return;
  view.dataset.phase = phase;
  const focus = { hurt: "stop-here", done: "done-head", stopped: "stopped-head" }[phase];
  if (focus) $(focus).focus();
}

// tick counts between two states.
function tick() {
  const p = session;
  if (!p || p.phase === "done") return;
  const gone = p.counting ? elapsed() : 0;
  const stepLeft = Math.max(0, p.step_left_s - gone);
  const left = Math.max(0, p.left_s - gone);
  setText("digits", clock(stepLeft));
  setText("left", clock(left));
  $("arc").setAttribute("stroke-dashoffset", (ring * (1 - (p.step_s ? stepLeft / p.step_s : 0))).toFixed(1));
  $("progress").value = p.length_s - left;
}
setInterval(tick, 200);

// figure shows the movement, where there is a picture of it. It stands still while the stretch does.
let drawn = "";
async function figure(p) {
  const still = p.phase === "paused" || p.phase === "hurt";
  const query = new URLSearchParams({ exercise: p.exercise, side: p.side });
  if (drawn !== String(query)) {
    drawn = String(query);
    const answer = await fetch("/figure?" + query);
    const text = answer.status === 200 ? await answer.text() : "";
    if (drawn !== String(query)) return; // another step has begun meanwhile
    const picture = text && new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    $("figure").replaceChildren(...(picture ? [document.adoptNode(picture)] : []));
    view.classList.toggle("has-figure", Boolean(picture));
  }
  const svg = $("figure").firstElementChild;
  if (still) svg?.pauseAnimations();
  else svg?.unpauseAnimations();
}

// announce says, to screen readers and, if wished, aloud, what begins.
function announce(p, was) {
  if (was && was.say === p.say && was.phase === p.phase && was.step === p.step) return;
  const text = p.phase === "ready" && p.cue ? p.say + " " + p.cue : p.say;
  setText("say", text);
  if (!was) return; // a page that is loaded again says nothing twice
  if (!was || was.phase !== p.phase || was.step !== p.step) chime(p.phase);
  speak(text);
}

// What is heard is as it is set, until the person chooses otherwise here: that stays in this browser.
function toggle(id, change) {
  const button = $(id);
  const set = (on) => {
    button.setAttribute("aria-pressed", String(on));
    change(on);
  };
  set(localStorage.getItem(id) ? localStorage.getItem(id) === "on" : view.dataset[id] === "true");
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    localStorage.setItem(id, on ? "on" : "off");
    set(on);
  });
}

let voice = false;
toggle("voice", (on) => {
  voice = on;
  if (!on) hush();
});
function speak(text) {
  if (!voice || !("speechSynthesis" in window)) return;
  speechSynthesis.cancel();
  speechSynthesis.speak(new SpeechSynthesisUtterance(text));
}
function hush() {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}

let sound = false;
let audio;
toggle("sound", (on) => {
  sound = on;
});
// A browser lets a page sound only after the person has touched it.
document.addEventListener("pointerdown", () => { if (sound) chime(""); }, { once: true });

const tones = { ready: [392], work: [523, 659], done: [523, 659, 784], paused: [330] };
function chime(phase) {
  if (!sound) return;
  audio ??= new AudioContext();
  audio.resume();
  (tones[phase] ?? []).forEach((pitch, i) => {
    const [from, tone, loud] = [audio.currentTime + i * 0.16, audio.createOscillator(), audio.createGain()];
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, from);
    loud.gain.exponentialRampToValueAtTime(0.12, from + 0.03);
    loud.gain.exponentialRampToValueAtTime(0.0001, from + 0.7);
    tone.connect(loud).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 0.75);
  });
}

// wake keeps the screen on while there is something to look at.
let lock = null;
async function wake() {
  const wanted = session && ["ready", "work"].includes(session.phase) && document.visibilityState === "visible";
  if (!wanted) {
    const old = lock;
    lock = null;
    await old?.release();
    return;
  }
  if (lock || !("wakeLock" in navigator)) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.addEventListener("release", () => { lock = null; });
  } catch { // on a low battery: then the screen may go dark
  }
}
document.addEventListener("visibilitychange", wake);

for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => order(button.dataset.do));
}
for (const button of document.querySelectorAll("[data-feel]")) {
  button.addEventListener("click", async () => {
    felt = true;
    try {
      const answer = await post("/do/session/feeling", { word: button.dataset.feel });
      $("feeling").hidden = true;
      setText("thanks", answer.thanks);
      $("done-head").focus();
    } catch (e) {
      wrong(e.message);
    }
  });
}

// The signs to stop for are read in peace.
async function openSigns() {
  if ($("signs").open) return;
  if (session && ["ready", "work"].includes(session.phase)) await order("session/pause");
  $("signs").showModal();
}
$("signs-open").addEventListener("click", openSigns);

$("keys-on").checked = localStorage.getItem("keys") !== "off";
$("keys-on").addEventListener("change", (e) => localStorage.setItem("keys", e.target.checked ? "on" : "off"));

// The keys are those of the terminal.
document.addEventListener("keydown", (e) => {
  if (inert || !session || session.phase === "done" || $("signs").open || !$("keys-on").checked) return;
  if (e.ctrlKey || e.altKey || e.metaKey || e.repeat || e.target.matches("input, select, textarea")) return;
  const onControl = e.target.matches("button, a, summary");
  const hurt = session.phase === "hurt";
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
  const does = hurt
    ? { Enter: "session/stop", s: "session/stop", q: "session/stop", g: "session/resume" }[key]
    : {
      " ": session.phase === "paused" ? "session/resume" : "session/pause",
      n: "session/next", ArrowRight: "session/next", b: "session/back", ArrowLeft: "session/back",
      h: "session/hurt", q: "session/stop",
    }[key];
  if (onControl && (key === " " || key === "Enter")) return; // the control's own
  if (does) {
    e.preventDefault();
    order(does);
  } else if (key === "?" && !hurt) {
    e.preventDefault();
    openSigns();
  } else if (key === "v" || key === "m") {
    $(key === "v" ? "voice" : "sound").click();
  }
});

// Before a stretch: what is chosen is shown on paper at once.
const choose = $("choose");
if (choose) {
  const plan = $("plan");
  let asked = 0;
  const look = async () => {
    const turn = ++asked;
    const answer = await fetch("/plan?" + new URLSearchParams(new FormData(choose)));
    const text = await answer.text();
    if (turn !== asked || !answer.ok) return;
    plan.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    $("start").disabled = Boolean(plan.querySelector("[data-wrong]"));
  };
  $("look").hidden = true;
  choose.addEventListener("change", (e) => {
    // A routine with a name has a place and a length of its own.
    if (e.target.name !== "routine") choose.querySelector('[name="routine"][value=""]').checked = true;
    // Down to the floor and up again takes a good part of two minutes.
    if (e.target.name === "place" && e.target.value === "floor" && /^[12]m$|s$/.test(choose.elements.length.value)) {
      choose.querySelector('[name="length"][value="5m"]').checked = true;
    }
    look().catch(() => {});
  });
}

// render shows the moment s.
function render(s) {
  if (inert) return;
  const was = session;
  session = s.session;
  if (!session) {
    if (was) ended = was.phase === "done" || felt ? "done" : "stopped";
    show(ended || view.dataset.phase);
    wake();
    return;
  }
  if (was && was.id !== session.id) felt = false;
  ended = "";
  const p = session;
  setText("above", p.above);
  setText("name", p.name);
  setText("cue", p.cue);
  setText("side", p.side_words);
  $("side").hidden = !p.side_words;
  setText("where", p.progress);
  setText("next", p.next);
  setText("done-what", p.done);
  $("feeling").hidden = !p.check_in || felt;
  $("progress").max = p.length_s;
  const paused = p.phase === "paused";
  const focused = document.activeElement;
  $("pause").hidden = paused;
  $("resume").hidden = !paused;
  if (paused && focused === $("pause")) $("resume").focus();
  if (!paused && focused === $("resume")) $("pause").focus();
  if (!paused && $("signs").open && was?.phase === "paused") $("signs").close(); // resumed elsewhere
  figure(p).catch(() => { drawn = ""; });
  show(p.phase);
  announce(p, was);
  tick();
  wake();
}

onState(render); // last: it uses all of the above
