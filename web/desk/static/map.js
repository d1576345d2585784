// The map: cells coloured by their warning level, deeper tiers as one goes nearer, and the unit beside it.
import { follow } from "./live.js";
import { parts } from "./parts.js";

const frame = document.getElementById("map");
const side = document.getElementById("side");
const tiers = JSON.parse(frame.dataset.tiers);
const ink = document.createElement("span");
frame.after(ink);

/** A colour of the style sheet, light or dark as the page is: a canvas knows no names. */
function colour(name) {
  ink.style.color = `var(--${name})`;
  return getComputedStyle(ink).color;
}

const MARKS = { orange: "❗", red: "‼️" };
const QUIET = 150;

const [west, south, east, north] = frame.dataset.box.split(",").map(Number);
const map = L.map(frame, { preferCanvas: true, zoomSnap: 0.25, maxZoom: 20, attributionControl: false });
const outlines = L.layerGroup().addTo(map);
const cells = L.layerGroup().addTo(map);
const names = L.layerGroup().addTo(map);
const shown = new Map();
let chosen = frame.dataset.chosen;
let asked = 0;

function look(level, code) {
  const mine = code === chosen;
  const fillOpacity = level === "green" ? 0.5 : 0.8;
  return { fillColor: colour(level), fillOpacity, color: colour(mine ? "ink" : "card"), weight: mine ? 3 : 1 };
}

/** Writes names: of what is worst even beyond its cell; then where there is room, first those above if cells are small. */
function label(found) {
  names.clearLayers();
  const taken = [];
  const rank = ({ properties: { level } }) => Object.keys(MARKS).indexOf(level);
  const worst = found.features.filter((feature) => rank(feature) >= 0).sort((one, other) => rank(other) - rank(one));
  const others = found.features.filter((feature) => rank(feature) < 0);
  const areSmall = found.features.length > 1 && median(found.features.map(width)) < 60;
  for (const feature of [...worst, ...(areSmall ? found.outlines : []), ...others]) {
    const { name, level, open } = feature.properties;
    const [w, s, e, n] = feature.bbox;
    const middle = map.latLngToContainerPoint([(s + n) / 2, (w + e) / 2]);
    const room = { x: name.length * 13 + 8, y: open ? 34 : 20 };
    const place = L.bounds(middle.subtract([room.x / 2, room.y / 2]), middle.add([room.x / 2, room.y / 2]));
    if ((rank(feature) < 0 && width(feature) < room.x) || taken.some((other) => other.overlaps(place))) continue;
    taken.push(place);
    const words = document.createElement("span");
    words.textContent = `${MARKS[level] ?? ""}${name}`;
    if (open) words.append(Object.assign(document.createElement("b"), { textContent: open }));
    const options = { permanent: true, direction: "center", className: "place", interactive: false };
    L.tooltip(options).setLatLng([(s + n) / 2, (w + e) / 2]).setContent(words).addTo(names);
  }
}

function width({ bbox: [w, s, e] }) {
  return map.latLngToContainerPoint([s, e]).x - map.latLngToContainerPoint([s, w]).x;
}

function median(numbers) {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

function draw(found) {
  document.querySelector(".tier-shown").textContent = document.querySelector(".tier-shown").dataset.text.replace("%", tiers[found.tier] ?? "");
  for (const layer of [outlines, cells]) layer.clearLayers();
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
    },
  }).addTo(cells);
  L.geoJSON(found.outlines, { interactive: false, style: { fill: false, color: colour("ink"), weight: 1.6, opacity: 0.55 } }).addTo(outlines);
  label(found);
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
  // What lies on the map's corners covers nothing.
  map.fitBounds([[south, west], [north, east]], { paddingTopLeft: [12, 56], paddingBottomRight: [12, 52] });
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
