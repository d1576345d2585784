// Follows a notice that goes out: its sums are asked for again and again while the page is looked at.
const EVERY = 2000;

const place = document.getElementById("sums");

async function look() {
  if (!document.hidden) {
    try {
      const answer = await fetch(place.dataset.follow, { headers: { Accept: "text/html" } });
      if (answer.status === 401 || answer.status === 404) return location.reload();
      if (answer.ok) {
        const before = place.firstElementChild?.dataset.state;
        const words = await answer.text();
        if (!place.contains(document.activeElement)) place.innerHTML = words;
        if (place.firstElementChild?.dataset.state !== before) return location.reload();
      }
    } catch {
      // The service is away for a moment: what is shown stays.
    }
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
