// The chat page: asks the server for changes and draws them.

import { $, HERE, send } from "/words.js";
import { Person } from "/person.js";
import "/troubles.js";

const people = new Map();
const plays = await (await fetch("/api/plays")).json();

document.documentElement.lang = HERE.locale;
for (const element of document.querySelectorAll("[data-word]")) element.textContent = HERE[element.dataset.word];
$("#add").setAttribute("aria-label", HERE.addPerson);

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
  const person = new Person(facts, people.size, plays);
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
  speed.textContent = HERE.faster(info.speed);
  const status = $(".status");
  status.classList.remove("away");
  const told = HERE.told(people.size, changes.videos);
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
      $(".status").textContent = HERE.away;
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
