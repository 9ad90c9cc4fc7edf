// One person's column: their chat, and what they can do in it.

import { $, make, send, WORDS } from "/words.js";
import { Message } from "/message.js";

/** The most bytes that the server takes at once, without the form around them. */
const LARGEST = 64 * 1024 * 1024 - 4096;

/** One person's column. */
export class Person {
  constructor(facts, number) {
    this.id = facts.id;
    this.words = WORDS[/^(ru|uk|be|kk)/.test(facts.language) ? "ru" : "en"];
    this.messages = new Map();
    this.pinned = true;
    this.unread = 0;
    this.lastTop = 0;
    this.element = $("#column").content.firstElementChild.cloneNode(true);
    this.element.dataset.person = facts.id;
    this.element.dataset.name = facts.name;
    this.element.dataset.drop = this.words.drop;
    const part = (name) => $("." + name, this.element);
    for (const name of ["log", "down", "action", "menu", "sample", "composer", "file", "block"]) this[name] = part(name);
    this.list = part("messages");
    this.input = $("textarea", this.element);
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
    this.input.placeholder = words.text;
    this.sample.textContent = words.sample;
    const labels = { send: "send", attach: "attach", file: "attach", demo: "demo", voice: "voice", commands: "commands", down: "down" };
    for (const [name, word] of Object.entries(labels)) {
      part(name).setAttribute("aria-label", words[word]);
      part(name).title = words[word];
    }
    this.input.setAttribute("aria-label", `${words.text}, ${facts.name}`);
    this.start = make("button", { type: "button", className: "start", data: { testid: "start" } }, words.start);
    this.composer.append(this.start);
  }

  listen(part) {
    this.composer.addEventListener("submit", (event) => { event.preventDefault(); this.sendText(); });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.sendText();
    });
    this.input.addEventListener("input", () => this.fit());
    this.input.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) { event.preventDefault(); this.sendFiles(event.clipboardData.files); }
    });
    this.start.addEventListener("click", () => this.say("/start"));
    for (const each of [part("demo"), this.sample]) {
      each.addEventListener("click", () => { this.pinned = true; this.post("demo-photo"); });
    }
    part("voice").addEventListener("click", () => this.speak());
    part("attach").addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => { this.sendFiles(this.file.files); this.file.value = ""; });
    part("commands").addEventListener("click", () => this.toggleMenu(this.menu.hidden));
    this.element.addEventListener("keydown", (event) => { if (event.key === "Escape") this.toggleMenu(false); });
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
      this.sendFiles(event.dataTransfer.files);
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

  say(text) { this.pinned = true; return this.post("text", { text }); }

  /** What was typed goes as a voice message. */
  speak() {
    const text = this.input.value.trim();
    if (!text) { this.toast(this.words.speak); return; }
    this.input.value = "";
    this.fit();
    this.pinned = true;
    this.post("voice", { text });
  }

  sendText() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.fit();
    this.toggleMenu(false);
    this.say(text);
  }

  sendFiles(files) {
    if (!files.length) return;
    if ([...files].reduce((sum, file) => sum + file.size, 0) >= LARGEST) { this.toast(this.words.large); return; }
    const form = new FormData();
    // As in every client, what is typed when files are sent is their caption.
    const caption = this.input.value.trim();
    if (caption) {
      form.append("caption", caption);
      this.input.value = "";
      this.fit();
    }
    for (const file of files) form.append("file", file, file.name);
    this.pinned = true;
    this.post("files", form);
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.max(38, this.input.scrollHeight + 2)}px`;
  }

  toggleMenu(open) {
    this.menu.hidden = !open || !this.menu.childElementCount;
    $(".commands", this.element).setAttribute("aria-expanded", String(!this.menu.hidden));
    if (!this.menu.hidden) this.menu.firstElementChild.focus();
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
    for (const child of this.composer.children) if (child !== this.start && child !== this.file) child.hidden = empty;
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
    this.menu.replaceChildren(...commands.map(({ command, description }) => {
      const item = make("button", { type: "button", data: { command } }, make("b", {}, `/${command}`), make("span", {}, description));
      item.addEventListener("click", () => { this.toggleMenu(false); this.say(`/${command}`); this.input.focus(); });
      return item;
    }));
  }
}
