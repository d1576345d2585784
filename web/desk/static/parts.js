// A part of a page that answers its own forms: the server renders it anew, and it takes its own place.

/** Lets the forms within `place` that have `data-part` answer in that place. */
export function parts(place) {
  place.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!("part" in form.dataset)) return;
    event.preventDefault();
    const fields = new FormData(form);
    fields.set("part", "card");
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields) });
    if (!answer.ok) return form.submit();
    place.innerHTML = await answer.text();
    place.querySelector(".dial")?.focus();
  });
}
