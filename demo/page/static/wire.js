// The server: orders as JSON, news as server-sent events.

/** A key that makes an order safe to send twice. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends an order; throws an Error with the server's own words if it says no. */
export async function order(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("页面的服务没有回应 / The page's server does not answer");
  }
  if (answer.status === 204) return null;
  const result = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(result.detail ?? `HTTP ${answer.status}`);
  return result;
}

export async function fetchState() {
  const answer = await fetch("/state");
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

/** Follows the news from an entry on; the browser itself reconnects after a break. */
export function follow(after, handlers) {
  const source = new EventSource(`/events?after=${encodeURIComponent(after)}`);
  for (const [kind, handle] of Object.entries(handlers)) {
    source.addEventListener(kind, (event) => handle(JSON.parse(event.data)));
  }
  return source;
}
