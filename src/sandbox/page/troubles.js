// The switches in the page's head: what shall go wrong.

import { $, HERE, make, send } from "/words.js";

const panel = $("#panel");
const opener = $("#troubles");
const boxes = new Map();

function add(each) {
  const box = make("input", { type: "checkbox", data: { testid: each.name } });
  box.setAttribute("role", "switch");
  box.addEventListener("change", async () => draw(await send("/api/troubles", { name: each.name, on: box.checked })));
  boxes.set(each.name, box);
  $("ul", panel).append(make("li", {}, make("label", {}, make("span", {}, each[HERE.locale.slice(0, 2)]), box)));
}

function draw(switches) {
  for (const each of switches) {
    if (!boxes.has(each.name)) add(each);
    boxes.get(each.name).checked = each.on;
  }
  const on = switches.filter((each) => each.on).length;
  opener.textContent = HERE.troubles + (on ? ` · ${on}` : "");
  opener.classList.toggle("away", on > 0);
}

async function load() {
  const answer = await fetch("/api/troubles", { cache: "no-store" });
  draw(await answer.json());
}

// Another page may have put some on meanwhile.
panel.addEventListener("beforetoggle", (event) => { if (event.newState === "open") load(); });
load();
