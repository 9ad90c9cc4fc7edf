// The gallery: every screen in each language, drawn as the chat draws its messages.

import { $, WORDS, make } from "/words.js";
import { Message } from "/message.js";

/** A wall shows one message and answers nothing. */
function wall(shown) {
  const list = make("div", { className: "wall", lang: shown.language, data: { testid: shown.language } });
  const viewer = { words: WORDS[shown.language], messages: new Map(), list, post: async () => null, toast: () => {} };
  new Message(viewer, { ...shown, id: 0, from_bot: true, date: 0, edited: false, silent: false, reply_to: null });
  return list;
}

function room(title, exhibits) {
  const room = make("section", { className: "room", id: title.replaceAll(" ", "-") }, make("h2", {}, title));
  for (const { name, shown } of exhibits) {
    room.append(make("article", { className: "exhibit", data: { testid: "exhibit", name } }, make("h3", {}, name), ...shown.map(wall)));
  }
  return room;
}

/** The rooms as a conversation goes through them; others come after these. */
const ORDER = ["start", "photo", "prompt", "samples", "own text", "script", "order", "video", "closing", "failure"];

const exhibits = await (await fetch("/api/gallery", { cache: "no-store" })).json();
const titles = new Map();
for (const exhibit of exhibits) {
  const title = exhibit.name.split(/::| /)[0].replace(/_/g, " ");
  titles.set(title, [...(titles.get(title) ?? []), exhibit]);
}
const place = (title) => (ORDER.includes(title) ? ORDER.indexOf(title) : ORDER.length);
for (const [title, shown] of [...titles].sort(([one], [other]) => place(one) - place(other))) {
  $(".sections").append(make("a", { href: `#${title.replaceAll(" ", "-")}` }, title));
  $(".rooms").append(room(title, shown));
}
$("#count").textContent = `${exhibits.length} screens in ${exhibits[0].shown.length} languages`;
$(".rooms").dataset.ready = "yes";
