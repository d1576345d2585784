// Puts the parts of the page together and keeps them in step with the server.

import { Calls } from "./call.js";
import { el, label, say } from "./dom.js";
import { Phones } from "./phone.js";
import { Rooms } from "./rooms.js";
import { ProgrammeClock } from "./time.js";
import { fetchState, follow, order } from "./wire.js";

const LANGUAGES = ["both", "zh", "en"];
const TICK = 250;

let clock = null;
let source = null;
let quiet = null;
const down = new Set();

const SPEEDS = [1, 60, 360];

const phones = new Phones({
  note,
  did,
  clock: () => clock,
  onPick: (resident) => rooms.focus(resident.unit),
  onShow: () => calls.draw(),
  onKey: (key) => calls.press(key),
});
const calls = new Calls({ note, did, phone: () => phones.number, onRing: (number) => phones.ring(number) });
const rooms = new Rooms({ note, did, clock: () => clock });

/** Ticks off the hint that somebody has just followed. */
function did(hint) {
  document.querySelector(`[data-hint="${hint}"]`).classList.add("done");
}

/** Shows a line for some seconds; two at most, the newest. */
function note(text, kind = "") {
  const line = el("p", { class: `note ${kind}` }, label(text));
  const notes = document.getElementById("notes");
  notes.append(line);
  while (notes.children.length > 2) notes.firstChild.remove();
  setTimeout(() => line.remove(), 7000);
}

function linked({ name, up }) {
  if (up) down.delete(name);
  else down.add(name);
  document.querySelector(".clock .trouble").hidden = down.size === 0;
}

function drawAccounts(state) {
  say(document.getElementById("homeserver"), state.homeserver_url);
  const row = (person) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, person.name, el("span", { class: "where" }, person.unit, " ", label(person.title))),
      el("td", {}, el("code", {}, person.user_id), person.homeserver_url ? ` ${person.homeserver_url}` : ""),
      el("td", {}, el("code", {}, person.password)),
    );
  document.getElementById("accounts").replaceChildren(...[...state.leaders, ...state.neighbours, ...state.offices].map(row));
  if (!state.desk_url) return;
  const desk = document.getElementById("desk");
  const hint = document.getElementById("desk-hint");
  desk.href = state.desk_url;
  say(hint.querySelector("code"), state.desk_url);
  desk.hidden = hint.hidden = false;
}

function tick() {
  const now = clock.now();
  say(document.getElementById("clock-time"), clock.face(now, document.documentElement.lang === "en"));
  say(document.getElementById("phone-time"), clock.minute.format(now));
  document.getElementById("night").hidden = !clock.isWithin(now, quiet);
  rooms.tick();
}

function setClock(anchor) {
  clock.set(anchor);
  const speeds = [...new Set([...SPEEDS, anchor.speed])].sort((a, b) => a - b);
  const option = (speed) => el("option", { value: speed, selected: speed === anchor.speed }, `× ${Math.round(speed * 100) / 100}`);
  document.getElementById("clock-speed").replaceChildren(...speeds.map(option));
  tick();
}

async function start() {
  source?.close();
  let state;
  try {
    state = await fetchState();
  } catch {
    setTimeout(start, 1000);
    return;
  }
  const first = clock === null;
  clock = new ProgrammeClock(state.timezone);
  clock.set(state.clock);
  quiet = state.quiet;
  drawAccounts(state);
  rooms.load(state);
  calls.load(state);
  phones.load(state);
  setClock(state.clock);
  down.clear();
  Object.entries(state.links).forEach(([name, up]) => linked({ name, up }));
  if (first) {
    setInterval(tick, TICK);
    rooms.focus(phones.resident.unit, "instant");
  }
  source = follow(state.last, {
    item: (item) => rooms.takeItem(item),
    room: (room) => rooms.takeRoom(room),
    text: (text) => phones.take(text),
    call: (call) => calls.take(call),
    clock: setClock,
    link: linked,
    reset: start,
  });
  document.body.dataset.ready = "yes";
}

/** Sends an order that touches the clock. */
async function turn(path, body) {
  try {
    await order(path, body);
    did("wait");
  } catch (error) {
    note(error.message, "trouble");
    setClock(clock.anchor);
  }
}

for (const button of document.querySelectorAll("[data-hours]")) {
  button.addEventListener("click", () => turn("/clock", { advance_seconds: Number(button.dataset.hours) * 3600 }));
}
document.getElementById("clock-speed").addEventListener("change", (event) => {
  turn("/clock/speed", { speed: Number(event.target.value) });
});

const hints = document.querySelector(".hints");
document.getElementById("hints-away").addEventListener("click", () => {
  hints.hidden = true;
  localStorage.setItem("hints", "away");
});
hints.hidden = localStorage.getItem("hints") === "away";

const languages = document.getElementById("words");
function speak(language) {
  document.documentElement.dataset.words = language;
  document.documentElement.lang = language === "en" ? "en" : "zh-Hans";
  say(languages, { both: "中 · EN", zh: "中文", en: "English" }[language]);
}
languages.addEventListener("click", () => {
  const next = (LANGUAGES.indexOf(document.documentElement.dataset.words) + 1) % LANGUAGES.length;
  speak(LANGUAGES[next]);
  localStorage.setItem("words", LANGUAGES[next]);
});
const remembered = localStorage.getItem("words");
if (LANGUAGES.includes(remembered)) speak(remembered);

const accounts = document.querySelector(".accounts");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && accounts.open) {
    accounts.open = false;
    accounts.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  if (accounts.open && !accounts.contains(event.target)) accounts.open = false;
});

start();
