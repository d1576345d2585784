// Follows what changes (`/desk/events`) while the page is looked at, and shows whether it does.

// Milliseconds in which several changes are one, and after which a connection that was refused is tried again.
const TOGETHER = 400;
const PATIENCE = 30000;

/**
 * Calls back when something has changed.
 * dot: the element that shows whether the page is live; it says so in its data-on and data-off.
 * calls: by the kind of event, a function that gets the events of that kind since its last call.
 *   `again` is called when changes may have been missed.
 */
export function follow(dot, calls) {
  const waiting = new Map();
  let source = null;
  let lost = false;

  function show(on) {
    dot.hidden = false;
    dot.classList.toggle("on", on);
    dot.textContent = on ? dot.dataset.on : dot.dataset.off;
  }

  function collect(kind, data) {
    if (waiting.has(kind)) return waiting.get(kind).push(data);
    waiting.set(kind, [data]);
    setTimeout(() => {
      const events = waiting.get(kind);
      waiting.delete(kind);
      calls[kind](events);
    }, TOGETHER);
  }

  function open() {
    source = new EventSource("/desk/events");
    source.onopen = () => {
      show(true);
      if (lost && calls.again) collect("again", null);
      lost = false;
    };
    source.onerror = () => {
      show(false);
      lost = true;
      if (source.readyState === EventSource.CLOSED) setTimeout(() => document.hidden || open(), PATIENCE);
    };
    for (const kind of Object.keys(calls)) source.addEventListener(kind, (event) => collect(kind, JSON.parse(event.data || "null")));
  }

  // Nobody needs what changes on a page that nobody looks at, and a browser has few connections to one server.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      source?.close();
      lost = true;
    } else if (!source || source.readyState === EventSource.CLOSED) open();
  });
  if (!document.hidden) open();
}
