// The chat page: asks the server for changes and draws them.

import { $, send } from "/words.js";
import { Person } from "/person.js";

const people = new Map();

const visible = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const person = people.get(Number(entry.target.dataset.person));
    if (!person) continue;
    person.seen = entry.isIntersecting;
    person.tab.setAttribute("aria-current", String(person.seen));
    if (person.seen && person.pinned) person.read();
  }
}, { threshold: 0.6 });

function meet(facts) {
  const person = new Person(facts, people.size);
  people.set(facts.id, person);
  visible.observe(person.element);
}

function draw(info, changes) {
  for (const each of changes.people) {
    const known = people.get(each.id);
    if (!known) meet(each);
    people.get(each.id).update(each, !known);
  }
  const speed = $("#speed");
  speed.hidden = info.speed === 1;
  speed.textContent = `time runs ${info.speed}× faster`;
  const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
  const status = $(".status");
  status.classList.remove("away");
  const told = `${people.size} people · ${count(changes.videos, "video")} delivered`;
  if (status.textContent !== told) status.textContent = told;
}

async function follow() {
  let since = 0;
  let epoch = null;
  for (;;) {
    try {
      const answer = await fetch(`/api/changes?since=${since}`, { cache: "no-store" });
      const told = await answer.json();
      if (epoch && epoch !== told.epoch) { location.reload(); return; }
      epoch = told.epoch;
      since = told.changes.version;
      draw(told.info, told.changes);
    } catch {
      $(".status").textContent = "The sandbox is not running";
      $(".status").classList.add("away");
      await new Promise((wake) => setTimeout(wake, 1000));
    }
  }
}

const newcomer = $("#newcomer");
$("#add").addEventListener("click", () => { $("#new-name").value = ""; newcomer.returnValue = ""; newcomer.showModal(); });
$("#cancel").addEventListener("click", () => newcomer.close());
newcomer.addEventListener("close", async () => {
  const name = $("#new-name").value.trim();
  if (newcomer.returnValue !== "add" || !name) return;
  const { id } = await send("/api/people", { name, language: $("#new-language").value });
  setTimeout(() => people.get(id)?.tab.click(), 300);
});
follow();
