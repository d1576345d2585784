// Makes elements. Words from outside only ever become text, never markup.

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A label in both languages; the page's language setting shows one or both. */
export function both(zh, en) {
  const parts = document.createDocumentFragment();
  parts.append(el("span", { lang: "zh-Hans" }, zh), " ", el("small", { lang: "en" }, en));
  return parts;
}

/** Splits 'Chinese / English' as the configuration writes it. */
export function halves(words) {
  const [zh, en] = words.split(" / ");
  return [zh, en ?? ""];
}

export function label(words) {
  const [zh, en] = halves(words);
  return en ? both(zh, en) : document.createTextNode(zh);
}

/** Sets text only where it differs, so that screen readers and selections are left in peace. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Lets a scrolled box follow its end, unless somebody reads further up. */
export function following(box, change) {
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  change();
  if (atEnd) box.scrollTop = box.scrollHeight;
}
