// A call on the handset: what is heard as text, and what fingers and a voice can do.

import { both, el, following, label, say } from "./dom.js";
import { Microphone } from "./microphone.js";
import { newKey, order } from "./wire.js";

const OVER = new Set(["completed", "busy", "no-answer", "failed", "canceled"]);
const STATES = {
  queued: ["正在接通…", "Connecting…"],
  initiated: ["正在接通…", "Connecting…"],
  ringing: ["电话响了", "Ringing"],
  "in-progress": ["通话中", "In a call"],
  completed: ["通话结束", "The call is over"],
  busy: ["占线", "Busy"],
  "no-answer": ["没人接", "Nobody answered"],
  failed: ["打不通", "Could not be reached"],
  canceled: ["挂断了", "Hung up"],
};
const MARKS = {
  beep: ["（嘀）", "(beep)"],
  dial: ["（正在拨号…）", "(dialling…)"],
  connected: ["（接通了，两个人在说话）", "(connected: the two talk)"],
};

export class Calls {
  constructor({ note, did, phone, onRing }) {
    this.note = note;
    this.did = did;
    this.phone = phone;
    this.onRing = onRing;
    this.calls = new Map();
    this.put = new Set();
    this.microphone = new Microphone();
    this.screen = document.querySelector(".screen");
    this.box = document.getElementById("call");
    this.state = document.getElementById("call-state");
    this.list = document.getElementById("call-heard");
    this.deeds = document.getElementById("call-deeds");
    this.keypad = document.getElementById("keypad");
    this.start = document.getElementById("call-start");
    this.start.addEventListener("click", () => this.dial());
  }

  load(state) {
    this.calls = new Map(state.calls.map((call) => [call.sid, call]));
    // What was over before the page was opened is not brought back to the ear.
    for (const call of state.calls) if (OVER.has(call.status)) this.put.add(call.sid);
    this.draw();
  }

  take(call) {
    const before = this.calls.get(call.sid);
    this.calls.set(call.sid, call);
    if (call.number === this.phone()) this.draw();
    else if (!call.made && call.status === "ringing" && before?.status !== "ringing") this.onRing(call.number);
  }

  /** The call at the ear of the phone that is shown. */
  get current() {
    const mine = [...this.calls.values()].filter((call) => call.number === this.phone() && !this.put.has(call.sid));
    return mine.sort((a, b) => a.order - b.order).at(-1);
  }

  draw() {
    const call = this.current;
    this.box.hidden = !call;
    this.screen.classList.toggle("calling", Boolean(call));
    this.keypad.classList.toggle("calling", Boolean(call));
    this.keypad.setAttribute("aria-hidden", String(!call));
    for (const key of this.keypad.children) key.tabIndex = call ? 0 : -1;
    if (!call) return this.clear();
    this.box.dataset.sid = call.sid;
    this.box.dataset.status = call.status;
    this.box.dataset.waits = call.waits;
    const [zh, en] = call.made && call.status === "ringing" ? STATES.queued : STATES[call.status];
    this.state.replaceChildren(both(zh, en));
    following(this.list, () => this.list.replaceChildren(...call.heard.map(heard).filter(Boolean)));
    this.list.scrollTop = this.list.scrollHeight;
    this.deeds.replaceChildren(...this.buttons(call));
  }

  clear() {
    this.list.replaceChildren();
    this.deeds.replaceChildren();
    this.microphone.drop();
  }

  buttons(call) {
    const button = (deed, zh, en, kind = "") =>
      el("button", { type: "button", class: kind, "data-testid": `call-${deed}`, onclick: () => this.do(deed) }, both(zh, en));
    if (OVER.has(call.status)) return [button("close", "放下", "Put down")];
    if (!call.made && call.status === "ringing") {
      return [button("answer", "接听", "Answer", "yes"), button("decline", "不接", "Decline", "no")];
    }
    const end = button("hangup", "挂断", "Hang up", "no");
    if (call.dials && call.waits === "answer") {
      return [button("somebody", "对方接了", "They answer", "yes"), button("nobody", "没人接", "Nobody does"), end];
    }
    if (call.waits === "recording") {
      const live = this.microphone.live;
      const speak = button("speak", live ? "说完了" : "说话", live ? "Done" : "Speak", "yes");
      return [speak, button("wait", "不说话", "Say nothing"), end];
    }
    if (call.waits === "digits") return [button("wait", "不按键", "Press nothing"), end];
    return [end];
  }

  async dial() {
    if (this.current && !OVER.has(this.current.status)) return;
    if (this.current) this.put.add(this.current.sid);
    await this.order("/calls", { number: this.phone(), key: newKey() });
  }

  /** Presses a key on the call at the ear; returns whether there is one that listens. */
  press(key) {
    const call = this.current;
    if (!call || OVER.has(call.status)) return false;
    if (call.waits === "recording") this.do("speak");
    else if (call.waits) this.order(`/calls/${call.sid}`, { deed: "digits", digits: key });
    return true;
  }

  async do(deed) {
    const call = this.current;
    if (!call) return;
    if (deed === "close") {
      this.put.add(call.sid);
      this.draw();
    } else if (deed === "speak") {
      await this.speak(call);
    } else {
      await this.order(`/calls/${call.sid}`, { deed });
    }
  }

  /** Records until this is asked again; without a microphone a ready sound is said. */
  async speak(call) {
    if (this.microphone.live) {
      const { sound, seconds } = this.microphone.stop();
      await this.order(`/calls/${call.sid}`, { deed: "speak", sound, seconds });
    } else if (await this.microphone.begin()) {
      this.draw();
      return;
    } else {
      await this.order(`/calls/${call.sid}`, { deed: "speak" });
    }
    this.did("text");
  }

  async order(path, body) {
    try {
      await order(path, body);
    } catch (error) {
      this.note(error.message, "trouble");
    }
  }
}

function heard({ kind, text, language, seconds }) {
  const line = (kind, ...children) => el("li", { class: kind, "data-testid": `heard-${kind}` }, ...children);
  if (kind === "say" || kind === "error") {
    const lang = language.startsWith("cmn") || language.startsWith("zh") ? "zh-Hans" : language.slice(0, 2) || null;
    const words = el("p", { "data-lang": lang });
    say(words, text);
    return line("say", words);
  }
  if (kind === "pressed") return line("pressed", ...[...text].map((key) => el("kbd", {}, key)));
  if (kind === "recorded") return line("recorded", `🎤 ${seconds} s`);
  return kind in MARKS ? line("mark", label(MARKS[kind].join(" / "))) : null;
}
