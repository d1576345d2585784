// One issue's page, brought up to date when something happens; what is being typed or played stays.
import { follow } from "./live.js";

const page = document.getElementById("issue");
const number = Number(page.dataset.number);

/** Makes a list like another one, entry by entry: what has not changed is left alone. */
function bring(list, fresh) {
  const ids = new Set([...fresh.children].map((each) => each.id));
  for (const old of [...list.children]) if (!ids.has(old.id)) old.remove();
  [...fresh.children].forEach((each, place) => {
    const here = list.children[place];
    const known = [...list.children].find((old) => old.id === each.id);
    if (!known) list.insertBefore(each.cloneNode(true), here ?? null);
    else if (known.dataset.fresh !== each.outerHTML) {
      const kept = each.cloneNode(true);
      kept.querySelectorAll("details").forEach((detail, index) => { detail.open = known.querySelectorAll("details")[index]?.open ?? false; });
      if (![...known.querySelectorAll("audio, video")].some((medium) => !medium.paused)) known.replaceWith(kept);
    }
  });
  remember(list, fresh);
}

function remember(list, fresh) {
  [...fresh.children].forEach((each) => {
    const here = [...list.children].find((old) => old.id === each.id);
    if (here) here.dataset.fresh = each.outerHTML;
  });
}

const isTouched = (panel) =>
  panel.contains(document.activeElement) && document.activeElement !== document.body ||
  [...panel.querySelectorAll("textarea, input:not([type=hidden]):not([type=radio])")].some((field) => field.value !== field.defaultValue) ||
  panel.querySelector("input:checked, details[open]") !== null;

async function refresh() {
  const here = new URL(location.href);
  here.pathname = `/desk/issue/${number}`;
  here.search = "?part=story";
  const answer = await fetch(here).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["head", "facts"]) document.getElementById(id).replaceWith(fresh.getElementById(id));
  bring(document.getElementById("story"), fresh.getElementById("story"));
  const deeds = document.getElementById("deeds");
  if (!isTouched(deeds)) deeds.replaceWith(fresh.getElementById("deeds"));
}

remember(document.getElementById("story"), document.getElementById("story").cloneNode(true));
follow(document.getElementById("live"), {
  issue: (events) => events.some((event) => event.number === number) && refresh(),
  again: refresh,
});
