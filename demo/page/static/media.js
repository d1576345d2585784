// Pictures, voices and films: shown where they came, and picked to be sent.

import { both, el } from "./dom.js";

/** Shows a file by what its type says; what cannot be shown here is one to save. */
export function shown(url, contentType, name) {
  const [family] = contentType.split("/");
  if (family === "image") {
    const image = el("img", { src: url, alt: name || "图片 / picture", loading: "lazy" });
    return el("a", { href: url, target: "_blank", rel: "noopener", class: "medium", "data-testid": "medium" }, image);
  }
  if (family === "audio" || family === "video") {
    return el(family, { src: url, controls: true, preload: "metadata", class: "medium", "data-testid": "medium" });
  }
  return el("a", { href: url, download: name || "", class: "medium", "data-testid": "medium" }, "📄 ", name || both("文件", "file"));
}

/** A button that opens the browser's own way to choose a file. */
export function picker(testid, onPick) {
  const input = el("input", { type: "file", accept: "image/*,audio/*,video/*,application/pdf", "data-testid": testid, class: "away" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (file) onPick(await packed(file));
  });
  return el("label", { class: "attach", title: "附上图片、声音、录像 / Attach a picture, sound or film" }, input, "📎");
}

/** A file as it goes to the page's server. */
export async function packed(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return { name: blob.name ?? "", content_type: blob.type || "application/octet-stream", base64: btoa(binary) };
}

/** Words with the addresses in them made to be pressed. */
export function linked(words) {
  const parts = document.createDocumentFragment();
  for (const part of words.split(/(https?:\/\/\S+)/)) {
    parts.append(/^https?:\/\//.test(part) ? el("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part) : part);
  }
  return parts;
}
