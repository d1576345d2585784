// The board by keyboard, and its rows brought up to date when something changes.
import { follow } from "./live.js";
import "./picker.js";

const rows = document.getElementById("rows");
const issues = () => [...rows.querySelectorAll("[data-number]")];
let selected = "";

function select(row) {
  issues().forEach((each) => each.classList.toggle("selected", each === row));
  selected = row ? row.dataset.number : "";
  row?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function move(step) {
  const all = issues();
  const at = all.findIndex((each) => each.dataset.number === selected);
  if (all.length) select(all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))]);
}

const types = (element) => element.closest("input, select, textarea, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || types(event.target)) return;
  const row = issues().find((each) => each.dataset.number === selected);
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/") document.getElementById("q").focus();
  else if (event.key === "Enter" && row && !event.target.closest("a, button, summary")) (row.href ? row : row.querySelector("a")).click();
  else return;
  event.preventDefault();
});

// --- live ---
async function refresh() {
  const here = new URL(location.href);
  here.searchParams.set("part", "rows");
  const answer = await fetch(here).catch(() => null);
  if (!answer?.ok) return;
  const aside = rows.querySelector(".columns")?.scrollLeft ?? 0;
  const focused = document.activeElement?.closest?.("[data-number]")?.dataset.number;
  rows.innerHTML = await answer.text();
  if (aside) rows.querySelector(".columns").scrollLeft = aside;
  if (selected) select(issues().find((each) => each.dataset.number === selected));
  if (focused) rows.querySelector(`[data-number="${focused}"]`)?.querySelector("a")?.focus({ preventScroll: true });
}
follow(document.getElementById("live"), { issue: refresh, again: refresh });
