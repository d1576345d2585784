// The leaders' rooms: one column per room, from the blocks up to the township.

import { both, el, following, halves, label, say } from "./dom.js";
import { Post } from "./post.js";
import { newKey, order } from "./wire.js";

export class Rooms {
  constructor({ note, did, clock }) {
    this.note = note;
    this.did = did;
    this.clock = clock;
    this.strip = document.getElementById("strip");
    this.ladder = document.getElementById("ladder");
    this.items = new Map();
    this.rooms = new Map();
    this.columns = new Map();
    this.leaders = [];
    this.people = [];
    this.watcher = new IntersectionObserver((entries) => this.see(entries), { root: this.strip, threshold: 0.6 });
    document.addEventListener("visibilitychange", () => this.columns.forEach((column) => column.settle()));
  }

  load(state) {
    this.leaders = state.leaders;
    this.people = [...state.leaders, ...state.neighbours];
    this.services = state.service_users;
    this.rooms = new Map(state.rooms.map((room) => [room.id, room]));
    this.items = new Map(state.items.map((item) => [item.id, item]));
    const kept = this.strip.scrollLeft;
    this.watcher.disconnect();
    this.columns.clear();
    this.strip.replaceChildren();
    this.ladder.replaceChildren();
    inOrder(this.leaders).forEach((leader, index, all) => {
      const column = this.addColumn(leader.unit_code, leader);
      column.tab.classList.toggle("below", leader.parent === all[index + 1]?.unit_code);
    });
    for (const room of this.rooms.values()) this.assign(room);
    [...this.items.values()].sort((a, b) => a.order - b.order).forEach((item) => this.place(item, false));
    this.columns.forEach((column) => column.toEnd());
    this.strip.scrollLeft = kept;
  }

  takeRoom(room) {
    this.rooms.set(room.id, room);
    const before = this.columnOf(room.id);
    const column = this.assign(room);
    if (before && before !== column) {
      before.forget(room.id);
      for (const item of this.items.values()) if (item.room === room.id) this.place(item, false);
    } else column?.redraw();
  }

  takeItem(item) {
    const isNew = !this.items.has(item.id);
    const had = this.items.get(item.id)?.issue;
    this.items.set(item.id, item);
    this.place(item, isNew);
    if (item.issue && !had) this.announce(item);
  }

  tick() {
    this.columns.forEach((column) => column.tick());
  }

  /** Brings a unit's room and those above it into view. */
  focus(unit, behavior = "smooth") {
    this.columns.get(unit)?.show(behavior);
  }

  name(item) {
    if (this.services.includes(item.sender)) return "邻长服务";
    const known = this.people.find((person) => person.user_id === item.sender);
    return known?.name ?? this.rooms.get(item.room)?.names[item.sender] ?? item.sender.replace(/^@|:.*$/g, "");
  }

  /** The unit's name, or '' where the page does not know it. */
  unitName(code) {
    return this.leaders.find((leader) => leader.unit_code === code)?.unit ?? "";
  }

  /** The people with whom the service talks alone. */
  whoIsIn(room) {
    const there = this.people.filter((person) => room?.joined.includes(person.user_id));
    return there.map((person) => person.name).join("、");
  }

  /** Brings one message into view, wherever it stands. */
  open(eventId) {
    const item = this.items.get(eventId);
    const column = item && this.columnOf(item.room);
    if (!column) return;
    column.open();
    column.posts.get(item.thread ?? item.id)?.point();
  }

  /** An issue that arrives from below is shown, whatever else is on the screen. */
  announce(item) {
    const { number, unit, holder } = item.issue;
    if (holder && holder !== unit) return; // shown here because it is urgent, and held elsewhere
    const column = this.columnOf(item.room);
    const below = [...this.items.values()]
      .filter((other) => other.issue?.number === number && other.room !== item.room && other.order <= item.order)
      .filter((other) => other.issue.unit.startsWith(unit))
      .sort((a, b) => b.order - a.order)[0];
    const from = below && this.unitName(below.issue.unit);
    const to = this.unitName(unit);
    if (!column || !from || !to) return;
    this.note(`⬆️ 第 ${number} 号：${from} → ${to} / No. ${number} went up`, "up");
    column.tab.classList.remove("arrived");
    void column.tab.offsetWidth; // lets the animation begin anew
    column.tab.classList.add("arrived");
    if (!this.busy() && !column.visible) column.show();
  }

  busy() {
    const active = document.activeElement;
    return this.strip.contains(active) && Boolean(active.value);
  }

  addColumn(key, leader) {
    const column = new Column(this, key, leader);
    this.columns.set(key, column);
    this.strip.append(column.element);
    this.ladder.append(column.tab);
    this.watcher.observe(column.element);
    return column;
  }

  assign(room) {
    if (!room.joined.length) return this.columnOf(room.id);
    const ofUnit = room.unit && this.columns.get(room.unit);
    const column =
      ofUnit && (!ofUnit.room || ofUnit.room === room.id)
        ? ofUnit
        : (this.columns.get(room.id) ?? this.addColumn(room.id, null));
    column.room = room.id;
    column.draw();
    return column;
  }

  columnOf(roomId) {
    return [...this.columns.values()].find((column) => column.room === roomId);
  }

  place(item, isNew) {
    this.columnOf(item.room)?.take(item, isNew);
  }

  see(entries) {
    for (const entry of entries) {
      const column = [...this.columns.values()].find((each) => each.element === entry.target);
      if (!column) continue;
      column.visible = entry.isIntersecting;
      column.tab.classList.toggle("shown", entry.isIntersecting);
      column.settle();
    }
  }
}

/** Deepest first, and the first of several siblings next to its parent. */
function inOrder(leaders) {
  const parents = new Map(leaders.map((leader) => [leader.unit_code, leader.parent]));
  const depth = (code) => (parents.has(code) ? 1 + depth(parents.get(code)) : 0);
  return [...leaders].reverse().sort((a, b) => depth(b.unit_code) - depth(a.unit_code));
}

class Column {
  constructor(rooms, key, leader) {
    this.rooms = rooms;
    this.leader = leader;
    this.room = null;
    this.visible = false;
    this.unread = 0;
    this.posts = new Map();
    this.build(key);
    this.draw();
  }

  build(key) {
    this.title = el("h2");
    this.people = el("p", { class: "people" });
    this.empty = el("p", { class: "empty" }, both("还很安静。第一个问题会出现在这里。", "All quiet. The first issue will appear here."));
    this.list = el("div", { class: "posts", role: "log", "aria-live": "off", tabindex: "0" }, this.empty);
    this.speaker = el("select", { "aria-label": "以谁的身份说话 / Speak as", "data-testid": "room-speaker" });
    this.chosen = "";
    this.speaker.addEventListener("change", () => (this.chosen = this.speaker.value));
    this.input = el("input", {
      "data-testid": "room-input",
      maxlength: "4000",
      required: true,
      autocomplete: "off",
      "aria-label": "在群里说 / Say to the room",
      placeholder: "在群里说 / Say…",
    });
    this.button = el("button", { type: "submit", "data-testid": "room-send" }, both("发", "Send"));
    this.form = el("form", { class: "saying" }, this.input, this.button);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(this.input, null);
    });
    this.element = el(
      "section",
      { class: "room", "data-testid": `room-${key}` },
      el("header", {}, this.title, el("div", { class: "under" }, this.people, this.speaker)),
      this.list,
      this.form,
    );
    this.tabName = el("span", { class: "unit" });
    this.tabTitle = el("span", { class: "title" });
    this.openMark = el("span", { class: "open-count", hidden: true, title: "待答复的问题 / Open issues" });
    this.badge = el("span", { class: "badge", hidden: true, "data-testid": "unread" });
    this.tab = el(
      "button",
      { type: "button", "data-testid": `tab-${key}`, onclick: () => this.open() },
      this.tabTitle,
      this.tabName,
      this.openMark,
      this.badge,
    );
  }

  /** Milliseconds in which this unit has to answer. */
  get window() {
    return (this.leader?.window ?? 4 * 3600) * 1000;
  }

  draw() {
    const room = this.rooms.rooms.get(this.room);
    const unit = this.leader?.unit ?? (room?.name || this.rooms.whoIsIn(room) || "…");
    const title = this.leader?.title || "私聊 / Direct";
    this.title.replaceChildren(el("span", { class: "title" }, label(title)), unit);
    this.tabTitle.replaceChildren(label(title));
    say(this.tabName, unit);
    this.element.setAttribute("aria-label", `${unit} ${halves(title)[0]}`);
    const there = room ? both(`${room.joined.length} 人在群里`, `${room.joined.length} in the room`) : both("群还没有建", "no room yet");
    this.people.replaceChildren(this.leader ? `${this.leader.name} · ` : "", there);
    for (const control of [this.input, this.button, this.speaker]) control.disabled = !room;
    this.drawSpeakers(room);
  }

  /** Who can speak here: whoever was chosen, and else the leader, however late they came in. */
  drawSpeakers(room) {
    const here = this.rooms.people.filter((person) => room?.joined.includes(person.user_id));
    here.sort((a, b) => (b === this.leader) - (a === this.leader));
    const option = (person) => el("option", { value: person.user_id }, `${person.name}（${halves(person.title)[0]}）`);
    this.speaker.replaceChildren(...here.map(option));
    if (here.some((person) => person.user_id === this.chosen)) this.speaker.value = this.chosen;
    this.speaker.hidden = here.length < 2;
  }

  redraw() {
    this.posts.forEach((post) => post.draw());
  }

  forget(roomId) {
    if (this.room === roomId) this.room = null;
    this.posts.forEach((post) => post.element.remove());
    this.posts.clear();
    this.draw();
  }

  take(item, isNew) {
    following(this.list, () => this.put(item, isNew));
    this.drawOpen();
    const own = item.sender === this.speaker.value;
    if (isNew && !own && !(this.visible && !document.hidden)) this.count(this.unread + 1);
  }

  put(item, isNew) {
    const root = item.thread ?? item.id;
    let post = this.posts.get(root);
    if (!post) {
      post = new Post(this, root);
      this.posts.set(root, post);
    }
    post.take(item, isNew);
    this.arrange(post);
  }

  /** Puts a post at its place in time; a root may be heard of later than its thread. */
  arrange(post) {
    const next = [...this.posts.values()]
      .filter((other) => other !== post && other.order > post.order && other.element.isConnected)
      .sort((a, b) => a.order - b.order)[0];
    const before = next?.element ?? null;
    if (post.element.parentNode !== this.list || post.element.nextElementSibling !== before) {
      this.list.insertBefore(post.element, before);
    }
    this.empty.hidden = this.posts.size > 0;
  }

  drawOpen() {
    const open = [...this.posts.values()].filter((post) => post.waitsHere).length;
    this.openMark.hidden = open === 0;
    say(this.openMark, `⏳${open}`);
  }

  tick() {
    this.posts.forEach((post) => post.tick());
  }

  settle() {
    if (this.visible && !document.hidden) this.count(0);
  }

  count(unread) {
    this.unread = unread;
    this.badge.hidden = unread === 0;
    say(this.badge, String(unread));
  }

  /** Shows it even where a small screen shows something else. */
  open() {
    this.rooms.strip.parentElement.scrollIntoView({ behavior: "smooth", block: "nearest" });
    this.show();
  }

  show(behavior = "smooth") {
    const { strip } = this.rooms;
    const left = this.element.getBoundingClientRect().left - strip.getBoundingClientRect().left;
    strip.scrollBy({ left, behavior });
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** Says what stands in a box, in a thread or to the room, in the name of the chosen leader. */
  async say(input, thread) {
    const body = input.value.trim();
    if (!body) return;
    input.value = "";
    const saying = { user_id: this.speaker.value, room: this.room, body, key: newKey() };
    try {
      await order("/say", thread ? { ...saying, thread } : saying);
      if (thread) this.rooms.did("answer");
    } catch (error) {
      if (!input.value) input.value = body;
      this.rooms.note(error.message, "trouble");
    }
  }

  /** Shows a picture, a sound or a film in a thread, in the name of the chosen leader. */
  async attach({ content_type, base64 }, thread) {
    const medium = { content_type, base64 };
    try {
      await order("/show", { user_id: this.speaker.value, room: this.room, thread, medium, key: newKey() });
      this.rooms.did("answer");
    } catch (error) {
      this.rooms.note(error.message, "trouble");
    }
  }

  async react(event, key) {
    try {
      await order("/react", { user_id: this.speaker.value, room: this.room, event, key });
      this.rooms.did("answer");
    } catch (error) {
      this.rooms.note(error.message, "trouble");
    }
  }
}
