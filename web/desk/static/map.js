// The map: cells coloured by their warning level, deeper tiers as one goes nearer, and the unit beside it.
import { follow } from "./live.js";
import { parts } from "./parts.js";

const frame = document.getElementById("map");
const side = document.getElementById("side");
const tiers = JSON.parse(frame.dataset.tiers);
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(`--${name}`).trim();
const MARKS = { orange: "❗", red: "‼" };
const QUIET = 150;

const [west, south, east, north] = frame.dataset.box.split(",").map(Number);
const map = L.map(frame, { preferCanvas: true, zoomSnap: 0.25, maxZoom: 20, attributionControl: false });
const outlines = L.layerGroup().addTo(map);
const cells = L.layerGroup().addTo(map);
const names = L.layerGroup().addTo(map);
const shown = new Map();
let chosen = frame.dataset.unit;
let asked = 0;

function look(level, code) {
  const mine = code === chosen;
  return { fillColor: colour(level), fillOpacity: level === "green" ? 0.45 : 0.75, color: mine ? colour("ink") : colour("card"), weight: mine ? 3 : 1 };
}

function label(feature, layer) {
  const { name, level, open } = feature.properties;
  const [w, s, e, n] = feature.bbox;
  const from = map.latLngToContainerPoint([n, w]);
  const to = map.latLngToContainerPoint([s, e]);
  if (to.x - from.x < name.length * 13 + 6 || to.y - from.y < 26) return;
  const words = document.createElement("span");
  words.textContent = `${MARKS[level] ?? ""}${name}`;
  if (open) words.append(Object.assign(document.createElement("b"), { textContent: open }));
  const middle = layer.getBounds().getCenter();
  L.tooltip({ permanent: true, direction: "center", className: "place", interactive: false }).setLatLng(middle).setContent(words).addTo(names);
}

function draw(found) {
  document.querySelector(".tier-shown").textContent = document.querySelector(".tier-shown").dataset.text.replace("%", tiers[found.tier] ?? "");
  for (const layer of [outlines, cells, names]) layer.clearLayers();
  shown.clear();
  L.geoJSON(found.features, {
    style: (feature) => look(feature.properties.level, feature.id),
    onEachFeature(feature, layer) {
      shown.set(feature.id, { feature, layer });
      layer.on("click", () => choose(feature.id));
      layer.on("dblclick", (event) => {
        L.DomEvent.stop(event);
        map.fitBounds(layer.getBounds());
      });
      label(feature, layer);
    },
  }).addTo(cells);
  L.geoJSON(found.outlines, { interactive: false, style: { fill: false, color: colour("ink"), weight: 1.6, opacity: 0.7 } }).addTo(outlines);
}

async function load() {
  const mine = ++asked;
  const box = map.getBounds();
  const sides = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((each) => each.toFixed(5));
  const answer = await fetch(`/desk/map/${frame.dataset.unit}/cells?box=${sides}&zoom=${map.getZoom().toFixed(2)}`);
  if (!answer.ok) return frame.classList.add("failed");
  const found = await answer.json();
  if (mine !== asked) return; // a later view is on its way
  frame.classList.remove("failed");
  draw(found);
}

async function choose(code) {
  const before = chosen;
  chosen = code;
  for (const each of [before, code]) {
    const cell = shown.get(each);
    cell?.layer.setStyle(look(cell.feature.properties.level, each));
  }
  shown.get(code)?.layer.bringToFront();
  await show();
}

async function show() {
  const code = chosen;
  const answer = await fetch(`/desk/unit/${code}?part=card`);
  if (!answer.ok || code !== chosen) return;
  side.innerHTML = await answer.text();
}

function soon(task) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(task, QUIET);
  };
}

function recolour(events) {
  for (const { unit, level } of events) {
    const cell = shown.get(unit);
    if (!cell) continue;
    cell.feature.properties.level = level;
    cell.layer.setStyle(look(level, unit));
  }
}

if (frame.dataset.box) {
  map.fitBounds([[south, west], [north, east]]);
  const later = soon(load);
  map.on("moveend", later);
  window.addEventListener("resize", later);
  load();
} else frame.classList.add("failed");
show();
parts(side);

document.getElementById("whole").addEventListener("click", () => {
  const whole = document.querySelector(".map-and-side");
  if (document.fullscreenElement) document.exitFullscreen();
  else whole.requestFullscreen();
});

const freshen = soon(() => {
  load();
  // What somebody is typing, or a number that they have just asked for, stays.
  if (!side.contains(document.activeElement) && !side.querySelector(".dial")) show();
});
follow(document.querySelector(".live"), {
  level(events) {
    recolour(events);
    freshen();
  },
  issue: freshen,
  again: freshen,
});
