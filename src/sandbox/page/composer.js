// Where one writes: texts, what they answer or change, and the files that go together.

import { $, make } from "/words.js";

/** The most bytes that the server takes at once, without the form around them. */
const LARGEST = 64 * 1024 * 1024 - 4096;

/** The lower end of one person's column. */
export class Composer {
  constructor(person) {
    this.person = person;
    this.words = person.words;
    this.picked = [];
    this.context = null;
    const part = (name) => $("." + name, person.element);
    for (const name of ["composer", "context", "tray", "file"]) this[name === "composer" ? "element" : `${name}Part`] = part(name);
    this.input = $("textarea", person.element);
    this.uncompressed = $(".uncompressed input", person.element);
    $(".uncompressed span", person.element).textContent = this.words.uncompressed;
    this.input.placeholder = this.words.text;
    this.listen(part);
  }

  listen(part) {
    this.element.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("input", () => this.fit());
    this.input.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) { event.preventDefault(); this.pick(event.clipboardData.files); }
    });
    part("voice").addEventListener("click", () => this.speak());
    part("attach").addEventListener("click", () => this.filePart.click());
    this.filePart.addEventListener("change", () => { this.pick(this.filePart.files); this.filePart.value = ""; });
    part("forget").addEventListener("click", () => this.forget());
  }

  /** Takes what was typed out of the field. */
  take() {
    const text = this.input.value.trim();
    this.write("");
    return text;
  }

  write(text) { this.input.value = text; this.fit(); }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.max(38, this.input.scrollHeight + 2)}px`;
  }

  /** What is sent next answers this message. */
  answer(message) { this.turnTo("reply", message); }

  /** What is written next is what this message says from then on. */
  change(message) { this.turnTo("edit", message); this.write(message.text); }

  turnTo(kind, message) {
    this.forget();
    this.context = { kind, message };
    $("b", this.contextPart).textContent = this.words[kind];
    $("span", this.contextPart).textContent = message.text || this.words.media;
    this.contextPart.hidden = false;
    this.input.focus();
  }

  /** Nothing is answered, changed or about to be sent any more. */
  forget() {
    if (this.context?.kind === "edit") this.write("");
    this.context = null;
    this.contextPart.hidden = true;
    this.show([]);
  }

  pick(files) {
    const all = [...this.picked, ...[...files].map((file) => ({ file }))];
    if (all.reduce((sum, { file }) => sum + file.size, 0) >= LARGEST) { this.person.toast(this.words.large); return; }
    if (!files.length) return;
    if (this.context?.kind === "edit") this.forget();
    // As in every client, what is typed when files are picked is a caption.
    const caption = this.take();
    this.show(all);
    if (caption) this.picked[0].caption.value = caption;
    $("input", this.tray())?.focus();
  }

  tray() { return $("ul", this.trayPart); }

  /** Shows these files, each with a line for its caption. */
  show(picked) {
    for (const gone of this.picked.filter((each) => !picked.includes(each))) if (gone.url) URL.revokeObjectURL(gone.url);
    this.picked = picked;
    for (const each of picked) if (!each.row) this.lay(each);
    this.tray().replaceChildren(...picked.map(({ row }) => row));
    this.trayPart.hidden = !picked.length;
    if (!picked.length) this.uncompressed.checked = false;
    this.person.element.classList.toggle("picking", picked.length > 0);
  }

  lay(each) {
    const { file } = each;
    const kind = file.type.split("/")[0];
    if (["image", "video"].includes(kind)) each.url = URL.createObjectURL(file);
    const picture = kind === "image" ? make("img", { src: each.url, alt: "" })
      : kind === "video" ? make("video", { src: `${each.url}#t=0.001`, muted: true, preload: "metadata" }) : make("i", {}, "📄");
    each.caption = make("input", { placeholder: this.words.caption, maxLength: 1024, label: `${this.words.caption}, ${file.name}`, data: { testid: "caption" } });
    each.caption.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); this.send(); }
    });
    const remove = make("button", { type: "button", className: "icon", label: this.words.remove }, "×");
    remove.addEventListener("click", () => this.show(this.picked.filter((other) => other !== each)));
    each.row = make("li", { title: file.name }, picture, each.caption, remove);
  }

  /** Sends what is there: files, or a text. */
  send() {
    const { context, person } = this;
    if (this.picked.length) { this.sendPicked(); return; }
    const text = this.take();
    if (context?.kind === "edit") {
      if (text || context.message.media) person.post("edit", { message: context.message.id, text });
    } else if (text) {
      person.toggleMenu(false);
      person.say(text, this.answered());
    }
    this.forget();
  }

  answered() { return this.context?.kind === "reply" ? this.context.message.id : null; }

  sendPicked() {
    const form = new FormData();
    if (this.answered()) form.append("reply_to", this.answered());
    if (this.uncompressed.checked) form.append("uncompressed", "yes");
    for (const { file, caption } of this.picked) {
      form.append("caption", caption.value);
      form.append("file", file, file.name);
    }
    this.forget();
    this.person.pinned = true;
    this.person.post("files", form);
  }

  /** What was typed goes as a voice message. */
  speak() {
    const text = this.take();
    if (!text) { this.person.toast(this.words.speak); return; }
    this.person.pinned = true;
    this.person.post("voice", { text, reply_to: this.answered() });
    this.forget();
  }
}
