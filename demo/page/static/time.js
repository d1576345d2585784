// The programme's clock, counted on from the last anchor that the server has told.

const HOUR = 3_600_000;

export class ProgrammeClock {
  constructor(timezone) {
    const format = (options, locale = "zh-CN") =>
      new Intl.DateTimeFormat(locale, { timeZone: timezone, hourCycle: "h23", ...options });
    const day = { month: "long", day: "numeric", weekday: "short" };
    this.long = format(day);
    this.longEnglish = format(day, "en-GB");
    this.second = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.minute = format({ hour: "2-digit", minute: "2-digit" });
    this.day = format({ month: "numeric", day: "numeric" });
  }

  set(anchor) {
    this.anchor = anchor;
    this.skew = anchor.machine_now - Date.now();
  }

  get speed() {
    return this.anchor.speed;
  }

  now() {
    return this.anchor.programme + (Date.now() + this.skew - this.anchor.machine) * this.anchor.speed;
  }

  /** '11月24日周二 14:32:07', or the same in English. */
  face(moment, english) {
    return `${(english ? this.longEnglish : this.long).format(moment)} ${this.second.format(moment)}`;
  }

  /** '14:32', with the day in front where it is another one. */
  stamp(moment) {
    const day = this.day.format(moment);
    const time = this.minute.format(moment);
    return day === this.day.format(this.now()) ? time : `${day} ${time}`;
  }

  /** Whether a moment lies in the hours from `begins` to `ends`, such as '21:00:00' to '07:00:00'. */
  isWithin(moment, { begins, ends }) {
    const now = this.second.format(moment);
    return begins <= ends ? begins <= now && now < ends : begins <= now || now < ends;
  }

  /** '3:59:12'. */
  static span(milliseconds) {
    const seconds = Math.floor(Math.abs(milliseconds) / 1000);
    const two = (number) => String(number).padStart(2, "0");
    return `${Math.floor((seconds * 1000) / HOUR)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }
}
