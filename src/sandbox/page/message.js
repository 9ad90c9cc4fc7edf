// A message as a bubble, with its keyboard below. Its `html` comes from the
// server, which escapes all text and knows only Telegram's tags.

import { make } from "/words.js";

/** One message. An edit changes only the parts that differ, so that a playing video plays on. */
export class Message {
  constructor(person, message) {
    this.person = person;
    this.id = message.id;
    this.isOwnFile = !message.from_bot && Boolean(message.media);
    this.element = make("article", {
      className: `message ${message.from_bot ? "bot" : "own"}`, data: { messageId: message.id, testid: "message" },
      // So that a touch shows what one may do with it.
      tabIndex: -1,
    });
    this.bubble = make("div", { className: "bubble" });
    this.body = make("div", { className: "body" });
    this.when = make("time", { className: "when" });
    this.keys = make("div", { className: "keys" });
    const answered = message.reply_to && person.messages.get(message.reply_to);
    if (message.forwarded_from) this.bubble.append(make("p", { className: "origin" }, `${person.words.forwarded} ${message.forwarded_from}`));
    if (answered) this.bubble.append(answered.quote());
    if (message.media) this.bubble.append(media(message.media, person.words));
    this.bubble.append(this.body);
    this.element.append(this.bubble);
    // The walls of the gallery have no composer.
    if (person.composer) this.element.append(this.acts(message));
    this.update(message);
    person.list.append(this.element);
  }

  /** What a message that answers this one shows of it. */
  quote() {
    const picture = this.bubble.querySelector("img");
    const quote = make("button", { type: "button", className: "quote", data: { testid: "quote" } },
      ...(picture ? [make("img", { src: picture.src, alt: "" })] : []), make("span", {}, this.text || this.person.words.media));
    quote.addEventListener("click", () => this.element.scrollIntoView({ block: "center" }));
    return quote;
  }

  /** What one may do with it. */
  acts(message) {
    const { composer, words } = this.person;
    const act = (name, sign, press) => {
      const button = make("button", { type: "button", title: words[name], label: words[name], data: { testid: name } }, sign);
      button.addEventListener("click", press);
      return button;
    };
    const acts = make("div", { className: "acts" }, act("answer", "↩", () => composer.answer(this)));
    const isWritten = !["voice", "sticker"].includes(message.media?.kind) && !message.forwarded_from;
    if (!message.from_bot && isWritten) acts.append(act("change", "✎", () => composer.change(this)));
    acts.append(act("forward", "↪", () => this.person.post("forward", { message: this.id })));
    return acts;
  }

  update(message) {
    this.text = message.text;
    this.media = message.media;
    const date = new Date(message.date * 1000);
    this.when.dateTime = date.toISOString();
    this.when.title = message.silent ? this.person.words.silent : "";
    this.when.textContent = (message.silent ? "🔕 " : "") + (message.edited ? `${this.person.words.edited} ` : "") +
      date.toLocaleTimeString(this.person.words.locale, { hour: "2-digit", minute: "2-digit" });
    if (message.html !== this.html) {
      this.html = message.html;
      // A block ends its line by itself.
      this.body.innerHTML = message.html.replace(/(<\/(?:blockquote|pre)>)\n/g, "$1");
    }
    const bare = !message.html && message.media && ["photo", "video"].includes(message.media.kind);
    (message.html ? this.body : this.bubble).append(this.when);
    this.element.classList.toggle("bare", Boolean(bare));
    this.element.classList.toggle("keyed", message.buttons.length > 0);
    const buttons = JSON.stringify(message.buttons);
    if (buttons === this.buttons) return;
    this.buttons = buttons;
    this.keys.replaceChildren(...message.buttons.map((row) => make("div", {}, ...row.map((button) => this.key(button)))));
    if (message.buttons.length) this.bubble.after(this.keys);
    else this.keys.remove();
  }

  key({ label, data, url, copy }) {
    if (copy !== null) {
      const key = make("button", { type: "button", data: { testid: "key" } }, label);
      key.addEventListener("click", async () => {
        await navigator.clipboard.writeText(copy);
        this.person.toast(this.person.words.copied);
      });
      return key;
    }
    if (data === null) {
      const safe = /^(https?|tg):/.test(url) ? url : "#";
      return make("a", { href: safe, target: "_blank", rel: "noopener", data: { testid: "key" } }, label);
    }
    const key = make("button", { type: "button", data: { testid: "key", data } }, label);
    key.addEventListener("click", async () => {
      key.classList.add("busy");
      const reply = await this.person.post("tap", { message: this.id, data });
      key.classList.remove("busy");
      if (reply?.answer) this.person.toast(reply.answer);
    });
    return key;
  }
}

function media(item, words) {
  const address = (id) => item.address ?? `/media/${encodeURIComponent(id)}`;
  const shape = item.height > item.width ? "media tall" : "media";
  if (item.kind === "photo") {
    const image = make("img", { src: address(item.file_id), alt: "", decoding: "async" });
    measure(image, item);
    return make("div", { className: shape }, image);
  }
  if (item.kind === "video") {
    const video = make("video", {
      // From the first moment on, so that phones show the first frame instead of nothing.
      src: `${address(item.file_id)}#t=0.001`, controls: true, playsInline: true, muted: true, loop: true, preload: "metadata",
      data: { testid: "video" },
    });
    video.setAttribute("muted", "");
    measure(video, item);
    const frame = make("div", { className: shape }, video);
    video.addEventListener("loadedmetadata", () => {
      frame.classList.toggle("tall", video.videoHeight > video.videoWidth);
      measure(video, { width: video.videoWidth, height: video.videoHeight });
    });
    return frame;
  }
  const [icon, title] = { sticker: ["👍", words.sticker], voice: ["🎤", words.voice] }[item.kind] ?? ["📄", item.name];
  const size = item.size < 1024 ? `${item.size} B` : item.size < 1 << 20
    ? `${(item.size / 1024).toFixed(0)} KB` : `${(item.size / (1 << 20)).toFixed(1)} MB`;
  return make("a", { className: "media paper", href: address(item.file_id), download: item.name },
    make("i", {}, icon), make("span", {}, make("b", {}, title), make("small", {}, size)));
}

/** Reserves the room, so that nothing jumps when the picture arrives. */
function measure(element, { width, height }) {
  if (width && height) element.style.aspectRatio = `${width} / ${height}`;
}
