// Follows an import that is under way: moves the bar, and shows the page anew when something is decided.
const EVERY = 1000;

const part = document.querySelector("[data-follow]");
const bar = part.querySelector("progress");
const words = part.querySelector("#words");

async function look() {
  try {
    const answer = await fetch(part.dataset.follow, { headers: { Accept: "application/json" } });
    if (answer.status === 401 || answer.status === 404) return location.reload();
    const found = await answer.json();
    if (found.state !== part.dataset.state) return location.reload();
    words.textContent = found.words;
    if (found.total) {
      bar.max = found.total;
      bar.value = found.done;
    } else {
      bar.removeAttribute("value");
    }
  } catch {
    // The service is away for a moment: the bar stays where it is.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
