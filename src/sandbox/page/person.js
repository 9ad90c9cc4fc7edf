// One person's column: their chat, and what they can do in it.

import { $, make, ofLanguage, send } from "/words.js";
import { Composer } from "/composer.js";
import { Message } from "/message.js";

/** One person's column. */
export class Person {
  constructor(facts, number, plays) {
    this.id = facts.id;
    this.words = ofLanguage(facts.language);
    this.plays = plays[this.words.locale.slice(0, 2)];
    this.messages = new Map();
    this.pinned = true;
    this.unread = 0;
    this.lastTop = 0;
    this.element = $("#column").content.firstElementChild.cloneNode(true);
    this.element.dataset.person = facts.id;
    this.element.dataset.name = facts.name;
    this.element.dataset.drop = this.words.drop;
    const part = (name) => $("." + name, this.element);
    for (const name of ["log", "down", "action", "menu", "sample", "block"]) this[name] = part(name);
    this.list = part("messages");
    this.composer = new Composer(this);
    this.input = this.composer.input;
    this.dress(facts, number, part);
    this.listen(part);
    this.tab = make("button", { type: "button", data: { tab: facts.id } }, facts.name);
    this.tab.addEventListener("click", () => {
      this.element.scrollIntoView({ behavior: "smooth", inline: "center", block: "nearest" });
      this.input.focus({ preventScroll: true });
    });
    $("#tabs").append(this.tab);
    $("#people").append(this.element);
  }

  dress(facts, number, part) {
    const { words } = this;
    part("avatar").textContent = [...facts.name][0];
    part("avatar").classList.add("tone-" + (number % 5));
    $("h2", this.element).textContent = facts.name;
    part("hint").textContent = words.hint;
    this.element.setAttribute("aria-label", `${words.chat} ${facts.name}`);
    this.log.setAttribute("aria-label", `${words.chat} ${facts.name}`);
    this.sample.textContent = words.sample;
    const labels = { send: "send", attach: "attach", file: "attach", demo: "demo", voice: "say", forget: "forget", commands: "commands", down: "down" };
    for (const [name, word] of Object.entries(labels)) {
      part(name).setAttribute("aria-label", words[word]);
      part(name).title = words[word];
    }
    this.input.setAttribute("aria-label", `${words.text}, ${facts.name}`);
    this.start = make("button", { type: "button", className: "start", data: { testid: "start" } }, words.start);
    this.composer.element.append(this.start);
  }

  listen(part) {
    this.start.addEventListener("click", () => this.say("/start"));
    for (const each of [part("demo"), this.sample]) {
      each.addEventListener("click", () => { this.pinned = true; this.post("demo-photo"); });
    }
    part("commands").addEventListener("click", () => this.toggleMenu(this.menu.hidden));
    this.element.addEventListener("keydown", (event) => { if (event.key === "Escape") { this.toggleMenu(false); this.composer.forget(); } });
    this.block.addEventListener("click", () => this.post("block", { blocked: !this.blocked }));
    this.log.addEventListener("scroll", () => {
      // Only a scroll upwards lets go of the end: what grows below must not.
      const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
      this.pinned = atEnd || (this.pinned && this.log.scrollTop >= this.lastTop);
      this.lastTop = this.log.scrollTop;
      if (this.pinned && this.seen) this.read();
      this.down.hidden = this.pinned;
    });
    this.down.addEventListener("click", () => this.toEnd("smooth"));
    new ResizeObserver(() => { if (this.pinned) this.toEnd(); }).observe(this.list);
    new ResizeObserver(() => { if (this.pinned) this.toEnd(); }).observe(this.log);
    this.listenToDrops();
  }

  listenToDrops() {
    let depth = 0;
    const over = (by) => { depth += by; this.element.classList.toggle("drop", depth > 0); };
    this.element.addEventListener("dragenter", (event) => { event.preventDefault(); over(1); });
    this.element.addEventListener("dragleave", () => over(-1));
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      over(-depth);
      this.composer.pick(event.dataTransfer.files);
    });
  }

  async post(what, body = {}) {
    try {
      return await send(`/api/people/${this.id}/${what}`, body);
    } catch (error) {
      // Only the network itself fails with a TypeError; the server's own words are texts.
      this.toast(error instanceof TypeError ? this.words.away : error.message);
      return null;
    }
  }

  say(text, answered = null) { this.pinned = true; return this.post("text", { text, reply_to: answered }); }

  toggleMenu(open) {
    this.menu.hidden = !open || !this.menu.childElementCount;
    $(".commands", this.element).setAttribute("aria-expanded", String(!this.menu.hidden));
    if (!this.menu.hidden) $("button[data-command]", this.menu)?.focus();
  }

  toEnd(behavior = "instant") { this.log.scrollTo({ top: this.log.scrollHeight, behavior }); }

  toast(text) {
    $(".toast", this.element)?.remove();
    const toast = make("div", { className: "toast", role: "status", data: { testid: "toast" } }, text);
    this.element.append(toast);
    setTimeout(() => toast.remove(), 3500);
  }

  read() { this.unread = 0; this.showUnread(); }

  showUnread() {
    $(".unread", this.tab)?.remove();
    if (this.unread) this.tab.append(make("span", { className: "unread" }, String(this.unread)));
    this.down.textContent = this.unread ? `↓ ${this.unread}` : "↓";
  }

  /** Draws what has changed. */
  update(facts, first) {
    const { words } = this;
    this.blocked = facts.blocked;
    $(".who p", this.element).textContent =
      `@${facts.username} · ` + (facts.blocked ? words.blocked : `${facts.language}`);
    this.block.textContent = facts.blocked ? words.unblock : words.block;
    let fresh = 0;
    for (const message of facts.messages) {
      const known = this.messages.get(message.id);
      if (known) known.update(message);
      else {
        this.messages.set(message.id, new Message(this, message));
        if (message.from_bot) fresh += 1;
      }
    }
    if (fresh && !first && !(this.pinned && this.seen)) this.unread += fresh;
    this.showUnread();
    this.showAction(facts.action);
    this.showCommands(facts.commands);
    const empty = !this.messages.size;
    // Offered until the first file: a newcomer rarely has a product photo at hand.
    this.sample.hidden = empty || [...this.messages.values()].some((message) => message.isOwnFile);
    this.start.hidden = !empty;
    for (const child of this.composer.element.children) if (child !== this.start && child.type !== "file") child.hidden = empty;
    if (this.pinned) this.toEnd();
  }

  showAction(action) {
    clearTimeout(this.actionTimer);
    const names = this.words.actions;
    this.action.textContent = action ? names[action[0]] ?? names.other : "";
    if (action) this.actionTimer = setTimeout(() => { this.action.textContent = ""; }, action[1]);
  }

  showCommands(commands) {
    const text = JSON.stringify(commands);
    if (text === this.commandsShown) return;
    this.commandsShown = text;
    const items = (list, name, press) => list.map((each) => {
      const item = make("button", { type: "button", data: { [name]: each[name] } }, make("b", {}, each.shown ?? each[name]), make("span", {}, each.what));
      item.addEventListener("click", () => { this.toggleMenu(false); press(each[name]); this.input.focus(); });
      return item;
    });
    const commandItems = commands.map(({ command, description }) => ({ command, shown: `/${command}`, what: description }));
    this.menu.replaceChildren(
      make("details", {}, make("summary", {}, this.words.plays), ...items(this.plays, "text", (text) => this.composer.write(text))),
      ...items(commandItems, "command", (command) => this.say(`/${command}`)),
    );
  }
}
