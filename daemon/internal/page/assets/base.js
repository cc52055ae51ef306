// What every view has: the connection to the daemon, and word of whether the page can be seen. States come whole and
// the newest wins.

const tab = crypto.randomUUID();
const listeners = [];
let last = JSON.parse(document.getElementById("state").textContent);
let arrived = performance.now();
let shows = () => ""; // the id of the session that the view shows

export const $ = (id) => document.getElementById(id);

// onState calls f with the state now, and with each that comes.
export function onState(f) {
  listeners.push(f);
  f(last);
}

// elapsed is how many seconds ago the state came.
export const elapsed = () => (performance.now() - arrived) / 1000;

export const state = () => last;

export function showing(f) {
  shows = f;
}

// take makes s the state, unless it is older: the answer to a click and the stream go different ways.
export function take(s) {
  if (s.boot === last.boot && s.rev < last.rev) return;
  last = s;
  arrived = performance.now();
  for (const f of listeners) f(s);
  report();
}

// post sends a form. It fails with what the daemon says is wrong.
export async function post(path, fields = {}) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(fields),
    signal: AbortSignal.timeout(10000),
  });
  const body = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw new Error(body.error?.message ?? answer.statusText, { cause: body.error });
  return body;
}

// order has the daemon do something and shows the state after it, or says why it was not done.
export async function order(name, fields = {}) {
  try {
    const s = await post("/do/" + name, fields);
    if (s.rev) take(s);
    wrong("");
    return s;
  } catch (e) {
    wrong(e.message);
    return null;
  }
}

export function wrong(text) {
  const line = $("wrong");
  line.textContent = text;
  line.hidden = !text;
}

// setText changes nothing where nothing is to change, so that nothing is read out twice.
export function setText(id, text) {
  const e = $(id);
  if (e.textContent !== text) e.textContent = text;
}

export const clock = (s) => {
  const left = Math.ceil(Math.max(0, s));
  return Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
};

let reported = "";
function report(again) {
  if (source?.readyState !== EventSource.OPEN) return;
  const word = { tab, visible: String(document.visibilityState === "visible"), session: shows() };
  const text = JSON.stringify(word);
  if (text === reported && !again) return;
  reported = text;
  post("/tab", word).catch(() => { reported = ""; });
}

let source;
let inert = false;
let lostTimer = 0;

function connect() {
  source = new EventSource("/events?tab=" + tab);
  source.addEventListener("state", (e) => {
    clearTimeout(lostTimer);
    lostTimer = 0;
    if (!$("lost").hidden) {
      $("lost").hidden = true;
      $("back").hidden = false;
      setTimeout(() => { $("back").hidden = true; }, 4000);
    }
    document.documentElement.dataset.connected = "yes";
    take(JSON.parse(e.data));
    report(true);
  });
  source.addEventListener("forward", () => {
    window.focus();
    report(true);
  });
  source.addEventListener("session", () => {
    window.focus();
    if (location.pathname === "/session") report(true);
    else location.assign("/session");
  });
  source.addEventListener("retire", retire);
  source.onerror = () => {
    document.documentElement.dataset.connected = "no";
    // A daemon that restarts is back within a second: there is no need to say so.
    lostTimer ||= setTimeout(() => { $("lost").hidden = inert; }, 1500);
    if (source.readyState === EventSource.CLOSED && !inert) setTimeout(connect, 2000);
  };
}

// retire leaves everything to a newer tab.
function retire() {
  inert = true;
  source.close();
  $("moved").showModal();
  $("moved").addEventListener("cancel", (e) => e.preventDefault());
  document.dispatchEvent(new Event("retired"));
}

document.addEventListener("visibilitychange", () => report());
window.addEventListener("pagehide", () => source.close());
window.addEventListener("pageshow", (e) => { if (e.persisted && !inert) connect(); });

// Forms that only have the daemon do something need no new page.
document.addEventListener("submit", async (e) => {
  const path = new URL(e.target.action).pathname;
  if (!path.startsWith("/do/") || e.submitter?.formMethod === "get") return;
  e.preventDefault();
  const name = path.slice("/do/".length);
  const done = await order(name, new FormData(e.target));
  // While one is chosen the address may say what: the session's says nothing.
  if (done && name === "stretch" && location.pathname + location.search !== "/session") location.assign("/session");
});

connect();
