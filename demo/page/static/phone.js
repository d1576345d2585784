// The residents' phones: contacts, one handset, bubbles.

import { both, el, following, halves, label, say } from "./dom.js";
import { linked, packed, picker, shown } from "./media.js";
import { newKey, order } from "./wire.js";

const PHRASES = {
  "zh-Hans": ["家里停水两天了，没人管。", "新 村口的路灯坏了。", "1", "2"],
  en: ["No water for two days.", "new The street lamp is broken.", "1", "2"],
};
const KEYS = "1 2 3 4 5 6 7 8 9 * 0 #".split(" ");
const LOST = new Set(["failed", "undelivered"]);

export class Phones {
  constructor({ note, did, onPick, onShow, onKey, clock }) {
    this.note = note;
    this.did = did;
    this.onPick = onPick;
    this.onShow = onShow;
    this.onKey = onKey;
    this.clock = clock;
    this.residents = [];
    this.texts = new Map();
    this.tabs = new Map();
    this.bubbles = new Map();
    this.drafts = new Map();
    this.unread = new Map();
    this.list = document.getElementById("bubbles");
    this.input = document.getElementById("sms-input");
    this.form = document.getElementById("sms");
    this.channel = document.getElementById("channel");
    this.enclosed = document.getElementById("sms-enclosed");
    this.enclosed.addEventListener("click", () => this.attach(null));
    this.form.querySelector("button").before(picker("sms-attach", (file) => this.attach(file)));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
    document.getElementById("keypad").append(
      ...KEYS.map((key) => el("button", { type: "button", tabindex: "-1", onclick: () => this.onKey(key) || this.type(key) }, key)),
    );
  }

  load(state) {
    this.residents = state.residents;
    say(document.getElementById("service-number"), state.service_number);
    this.texts = new Map(state.texts.map((text) => [text.sid, text]));
    if (!this.residents.some((resident) => resident.number === this.number)) {
      this.number = this.residents[0].number;
    }
    this.drawContacts();
    this.show(this.number);
  }

  get resident() {
    return this.residents.find((resident) => resident.number === this.number);
  }

  take(text) {
    const isNew = !this.texts.has(text.sid);
    this.texts.set(text.sid, text);
    if (text.number === this.number) following(this.list, () => this.draw(text, isNew));
    else if (isNew && !text.sent) this.count(text.number, (this.unread.get(text.number) ?? 0) + 1);
  }

  drawContacts() {
    const box = document.getElementById("contacts");
    this.tabs.clear();
    box.replaceChildren();
    this.residents.forEach((resident, index) => {
      const [name, nameEn] = halves(resident.name);
      const place = resident.about || resident.block || (resident.known ? "" : "不在名册 / not listed");
      const tab = el(
        "button",
        {
          type: "button",
          role: "tab",
          "data-testid": `phone-${resident.number}`,
          onclick: () => this.pick(resident.number),
          onkeydown: (event) => this.move(event, index),
        },
        el("span", { class: "face", "aria-hidden": "true", "data-hue": String(index % 5) }, resident.known ? name.slice(0, 1) : "?"),
        el("span", { class: "who" }, nameEn ? both(name, nameEn) : name),
        el("span", { class: "where" }, label(place)),
        el("span", { class: "badge", hidden: true }),
      );
      this.tabs.set(resident.number, tab);
      box.append(tab);
    });
  }

  move(event, index) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = this.residents[(index + step + this.residents.length) % this.residents.length];
    this.pick(next.number);
    this.tabs.get(next.number).focus();
  }

  pick(number) {
    this.drafts.set(this.number, this.input.value);
    if (number !== this.number) this.attach(null);
    this.show(number);
    this.onPick(this.resident);
  }

  show(number) {
    const stays = number === this.number && this.bubbles.size > 0;
    this.number = number;
    for (const [each, tab] of this.tabs) {
      tab.setAttribute("aria-selected", String(each === number));
      tab.tabIndex = each === number ? 0 : -1;
    }
    this.count(number, 0);
    if (!stays) this.input.value = this.drafts.get(number) ?? "";
    this.bubbles.clear();
    this.list.replaceChildren();
    const texts = [...this.texts.values()].filter((text) => text.number === number);
    texts.sort((a, b) => a.order - b.order).forEach((text) => this.draw(text, false));
    this.drawPhrases();
    this.list.scrollTop = this.list.scrollHeight;
    this.onShow();
  }

  /** Marks a phone that rings and is not shown. */
  ring(number) {
    this.unread.set(number, (this.unread.get(number) ?? 0) + 1);
    const badge = this.tabs.get(number)?.querySelector(".badge");
    if (!badge) return;
    badge.hidden = false;
    say(badge, "📞");
  }

  drawPhrases() {
    const resident = this.resident;
    const phrases = resident.phrases.length ? resident.phrases : (PHRASES[resident.language] ?? PHRASES.en);
    const chip = (phrase) =>
      el("button", { type: "button", lang: resident.language, onclick: () => this.type(phrase, true) }, phrase);
    const sample = el(
      "button",
      { type: "button", "data-testid": "sms-sample", onclick: () => this.attachSample() },
      "📷 ",
      both("路灯照片", "a photo"),
    );
    document.getElementById("phrases").replaceChildren(...phrases.map(chip), sample);
  }

  draw(text, isNew) {
    let bubble = this.bubbles.get(text.sid);
    if (!bubble) {
      bubble = el("li", { "data-testid": "sms-bubble" }, el("p", {}, linked(text.body)), el("div"), el("span", { class: "when" }));
      this.bubbles.set(text.sid, bubble);
      this.list.append(bubble);
    }
    // What goes along may be fetched after the words are known.
    const media = bubble.querySelector("div");
    for (let number = media.childElementCount; number < text.media.length; number += 1) {
      media.append(shown(`/texts/${text.sid}/media/${number}`, text.media[number], ""));
    }
    const lost = LOST.has(text.status);
    bubble.className = `bubble ${text.sent ? "mine" : "theirs"}${lost ? " lost" : ""}${isNew ? " fresh" : ""}`;
    bubble.dataset.direction = text.sent ? "sent" : "received";
    bubble.dataset.channel = text.channel;
    const mark = lost ? ` · 没送到 not delivered ${text.error ?? ""}` : text.sent ? " ✓" : "";
    const read = text.status === "read" ? " ✓✓" : "";
    say(bubble.lastChild, this.clock().stamp(text.at) + mark + read);
  }

  count(number, unread) {
    this.unread.set(number, unread);
    const badge = this.tabs.get(number)?.querySelector(".badge");
    if (!badge) return;
    badge.hidden = unread === 0;
    say(badge, String(unread));
  }

  type(words, whole = false) {
    this.input.value = whole ? words : this.input.value + words;
    this.input.focus();
  }

  async send() {
    const body = this.input.value.trim();
    const { number, attached } = this;
    if (!body && !attached) return;
    this.input.value = "";
    this.attach(null);
    this.drafts.delete(number);
    const media = attached ? [{ content_type: attached.content_type, base64: attached.base64 }] : [];
    try {
      await order("/texts", { number, body, media, channel: this.channel.value, key: newKey() });
      this.did("text");
    } catch (error) {
      if (this.number === number && !this.input.value) this.input.value = body;
      if (this.number === number) this.attach(attached);
      this.note(error.message, "trouble");
    }
  }

  /** Lets something go along with the next text, or nothing. */
  attach(file) {
    this.attached = file;
    this.input.required = !file;
    this.enclosed.hidden = !file;
    say(this.enclosed, file ? `📎 ${file.name || file.content_type} ✕` : "");
  }

  async attachSample() {
    const answer = await fetch("/static/lamp.jpg");
    this.attach({ ...(await packed(await answer.blob())), name: "路灯 / lamp" });
    this.input.focus();
  }
}
