// One post of a room with its thread: an issue's card, or something that somebody said.

import { both, el, say } from "./dom.js";
import { picker, shown } from "./media.js";
import { ProgrammeClock } from "./time.js";

const STATES = {
  open: ["待答复", "Waiting"],
  overdue: ["已超时", "Overdue"],
  up: ["已上报", "Gone up"],
  below: ["下级在办", "With a unit below"],
  answered: ["已答复", "Answered"],
  resolved: ["待居民确认", "Said done"],
  closed: ["已办结", "Closed"],
  withdrawn: ["已撤回", "Withdrawn"],
  merged: ["已合并", "Merged"],
  referred: ["已转部门", "Referred"],
};
const FINISHED = new Set(["closed", "withdrawn", "merged"]);
/** A link to a message, as the service writes it for Matrix clients. */
const LINK = /https:\/\/matrix\.to\/#\/[^/\s]+\/(\$[\w-]+)\S*/;
const DONE = "✅";
const UP = "⬆️";
/** How a notice or a task asks for a press. */
const ASKS = /(点|press) ✅/;

/** Whose an issue is and from when, for looking up, and that it is urgent; the number stands above already. */
function headline(head) {
  const [number, ...rest] = head.split(" · ");
  return (number.startsWith("🚨") ? "🚨 " : "") + rest.join(" · ");
}

export class Post {
  constructor(column, rootId) {
    this.column = column;
    this.rootId = rootId;
    this.root = null;
    this.replies = new Map();
    this.media = new Map();
    this.element = el("article", { class: "post" });
  }

  get order() {
    return this.root?.order ?? Math.min(...[...this.replies.values()].map((reply) => reply.order));
  }

  /** What tells how the issue stands: the root itself, or a card of the service in its thread. */
  get source() {
    const cards = [...this.replies.values()].filter((reply) => reply.issue);
    return this.root?.issue ? this.root : cards.sort((a, b) => b.order - a.order)[0];
  }

  get issue() {
    return this.source?.issue ?? null;
  }

  get heldHere() {
    const { holder, unit } = this.issue;
    return !holder || !unit || holder === unit;
  }

  get waitsHere() {
    return this.issue?.state === "open" && this.heldHere;
  }

  get state() {
    const { state, due } = this.issue;
    if (state !== "open") return state;
    if (!this.heldHere) return this.issue.holder.startsWith(this.issue.unit) ? "below" : "up";
    return due !== null && due < this.clock.now() ? "overdue" : "open";
  }

  get clock() {
    return this.column.rooms.clock();
  }

  /** Whether the service asks for a press, as it does below a notice and a task. */
  get asksForDone() {
    return this.column.rooms.services.includes(this.root?.sender) && ASKS.test(words(this.root));
  }

  take(item, isNew) {
    if (item.id === this.rootId) this.root = item;
    else this.replies.set(item.id, item);
    this.draw();
    if (isNew) this.flash();
  }

  /** Shows where it is. */
  point() {
    this.element.scrollIntoView({ behavior: "smooth", block: "center", inline: "nearest" });
    this.element.classList.remove("fresh");
    void this.element.offsetWidth; // lets the animation begin anew
    this.flash();
  }

  flash() {
    this.element.classList.add("fresh");
    setTimeout(() => this.element.classList.remove("fresh"), 6000);
  }

  draw() {
    if (!this.body) this.build();
    const { root, issue } = this;
    this.element.classList.toggle("card", Boolean(root?.issue));
    this.element.classList.toggle("notice", root?.msgtype === "m.notice");
    say(this.author, root ? this.column.rooms.name(root) : "");
    say(this.when, root ? this.clock.stamp(root.at) : "");
    this.drawWords();
    this.drawReactions();
    if (issue && !this.head) this.buildIssue();
    if (this.head) this.drawIssue();
    this.asks.hidden = Boolean(issue) || !this.asksForDone;
    this.drawThread();
    this.tick();
  }

  /** A card of the service has its parts apart; what people say stays as they said it. */
  drawWords() {
    const { root, source } = this;
    const card = source?.card;
    const own = root !== source || !card ? words(root) : card.words;
    const [, target] = own.match(LINK) ?? [];
    say(this.body, target ? own.replace(LINK, "").trim() : own);
    this.link.hidden = !target;
    this.link.dataset.event = target ?? "";
    this.fill(this.headline, card && root === source ? headline(card.head) : "");
    this.fill(this.standing, card?.state ?? (source && source !== root ? words(source) : ""));
    this.picture.replaceChildren(...this.mediumOf(root));
    this.story.hidden = !card?.story.length;
    this.story.replaceChildren(...(card?.story ?? []).map((line) => el("li", {}, line)));
  }

  fill(element, text) {
    element.hidden = !text;
    say(element, text);
  }

  build() {
    this.author = el("strong");
    this.when = el("time");
    this.headline = el("p", { class: "headline", hidden: true });
    this.body = el("div", { class: "body" });
    this.link = el("button", { type: "button", class: "link", hidden: true }, "↗ ", both("看这个问题", "Show it"));
    this.link.addEventListener("click", () => this.column.rooms.open(this.link.dataset.event));
    this.picture = el("div");
    this.story = el("ol", { class: "story", "aria-label": "经过 / So far", hidden: true });
    this.standing = el("p", { class: "standing", hidden: true });
    this.reactions = el("ul", { class: "reactions", "aria-label": "回应 / Reactions" });
    this.asks = el("div", { class: "actions", hidden: true }, this.reactButton(DONE, "react-yes", ["点一下", "Press"]));
    this.preview = el("span", { class: "last" });
    this.replyCount = el("span", { class: "count" });
    this.replyList = el("ol");
    this.thread = el(
      "details",
      { class: "thread", hidden: true },
      el("summary", { "data-testid": "issue-thread" }, this.replyCount, this.preview),
      this.replyList,
    );
    this.element.append(el("p", { class: "by" }, this.author, this.when), this.headline, this.body, this.picture, this.link, this.story, this.standing, this.reactions, this.asks, this.thread);
  }

  buildIssue() {
    const { number } = this.issue;
    this.element.classList.add("issue");
    this.element.dataset.testid = `issue-${number}`;
    this.element.setAttribute("aria-label", `第 ${number} 号问题 / Issue no. ${number}`);
    this.chip = el("span", { class: "chip", "data-testid": "issue-state" });
    this.left = el("span", { class: "left", "data-testid": "issue-countdown", role: "timer", "aria-live": "off" });
    this.bar = el("i");
    this.head = el("header", {}, el("span", { class: "number" }, `№ ${number}`), this.chip, this.left);
    this.meter = el("div", { class: "meter", "aria-hidden": "true" }, this.bar);
    this.holder = el("p", { class: "holder", hidden: true });
    this.element.prepend(this.head, this.meter);
    this.story.after(this.holder);
    this.buildActions();
  }

  buildActions() {
    this.done = this.reactButton(DONE, "react-done", ["办结", "Done"]);
    this.up = this.reactButton(UP, "react-up", ["上报", "Pass up"]);
    this.input = el("input", {
      "data-testid": "reply-input",
      maxlength: "4000",
      required: true,
      autocomplete: "off",
      "aria-label": "回复居民，以 // 开头只在内部 / Reply to the resident; // stays inside",
      placeholder: "回复 / Reply…",
      title: "以 // 开头只在内部 / A line that begins with // stays inside",
    });
    const form = el(
      "form",
      { class: "replying" },
      this.input,
      picker("reply-attach", (medium) => this.column.attach(medium, this.rootId)),
      el("button", { type: "submit", "data-testid": "reply-send" }, both("回复", "Reply")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.column.say(this.input, this.rootId);
    });
    this.element.append(form, el("div", { class: "actions" }, this.done, this.up));
  }

  reactButton(emoji, testid, [zh, en]) {
    const onclick = () => this.column.react(this.rootId, emoji);
    return el("button", { type: "button", "data-testid": testid, onclick }, `${emoji} `, both(zh, en));
  }

  drawIssue() {
    const { issue } = this;
    if (!issue) return;
    this.element.dataset.issueState = issue.state;
    this.element.classList.toggle("finished", FINISHED.has(issue.state));
    this.element.classList.toggle("elsewhere", !this.heldHere);
    const holder = this.column.rooms.unitName(issue.holder);
    this.holder.hidden = this.heldHere || !holder || FINISHED.has(issue.state);
    if (!this.holder.hidden) this.holder.replaceChildren(this.state === "below" ? "⬇️ " : "⬆️ ", both("现在由", "Now with"), ` ${holder}`);
    this.shownState = null;
  }

  drawReactions() {
    const { name } = this.column.rooms;
    const told = (this.root?.reactions ?? []).map(({ key, senders }) => {
      const names = senders.map((sender) => name.call(this.column.rooms, { sender, room: this.root.room }));
      return el("li", { title: names.join("、") }, `${key} ${names.join("、")}`);
    });
    this.reactions.replaceChildren(...told);
  }

  drawThread() {
    const replies = [...this.replies.values()].filter((reply) => reply !== this.source).sort((a, b) => a.order - b.order);
    const last = replies.at(-1);
    this.thread.hidden = !last;
    if (!last) return;
    this.replyCount.replaceChildren(`💬 ${replies.length} `, both("条", replies.length === 1 ? "reply" : "replies"));
    say(this.preview, `${this.column.rooms.name(last)}：${last.medium ? "📎 " : ""}${words(last)}`);
    this.replyList.replaceChildren(...replies.map((reply) => this.reply(reply)));
  }

  reply(item) {
    const service = this.column.rooms.services.includes(item.sender) || item.msgtype === "m.notice";
    const reactions = item.reactions.map(({ key, senders }) => ` ${key}${senders.length > 1 ? senders.length : ""}`);
    return el(
      "li",
      { class: service ? "service" : "" },
      el("p", { class: "by" }, el("strong", {}, this.column.rooms.name(item)), el("time", {}, this.clock.stamp(item.at))),
      el("div", { class: "body" }, words(item) + reactions.join("")),
      ...this.mediumOf(item),
    );
  }

  /** What an item shows; made once, or a voice would begin anew with each word that is said. */
  mediumOf(item) {
    if (!item?.medium) return [];
    if (!this.media.has(item.id)) {
      const { content_type: type, name } = item.medium;
      this.media.set(item.id, shown(`/shown?event=${encodeURIComponent(item.id)}`, type, name));
    }
    return [this.media.get(item.id)];
  }

  /** What changes by time alone. */
  tick() {
    if (!this.head || !this.issue) return;
    const { state } = this;
    if (state !== this.shownState) this.drawState(state);
    const { due } = this.issue;
    const counts = this.waitsHere && due !== null;
    this.left.hidden = this.meter.hidden = !counts;
    if (!counts) return;
    const left = due - this.clock.now();
    say(this.left, left < 0 ? `−${ProgrammeClock.span(left)}` : ProgrammeClock.span(left));
    const share = Math.min(1, Math.max(0, left / this.column.window));
    this.bar.style.setProperty("width", `${Math.round(share * 1000) / 10}%`);
    this.element.classList.toggle("soon", left < 3_600_000);
  }

  drawState(state) {
    this.shownState = state;
    this.element.dataset.state = state;
    this.chip.dataset.state = this.issue.state;
    const [zh, en] = STATES[state] ?? [state, ""];
    this.chip.replaceChildren(both(zh, en));
  }
}

function words(item) {
  if (!item) return "…";
  if (item.redacted) return "（已删除 / taken back）";
  // The service edits its cards all the time; of people it is worth a mark.
  return item.edited && !item.issue ? `${item.body} ✎` : item.body;
}
