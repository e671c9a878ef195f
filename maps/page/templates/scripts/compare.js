/* Up to three places side by side: chosen in the panel, the sheet or the table, kept in the address. */

const MOST_PLACES = 3;

const isPinned = (code) => current.pinned.includes(code);
const isFull = () => current.pinned.length >= MOST_PLACES;

/* The button that takes a place into the comparison, or out of it again. */
function pinButton(kind, place, style) {
  const code = data.places[kind].codes[place];
  const name = make("span", { class: "unseen" }, ` ${titleOf(kind, place)}`);
  const button = make("button", { type: "button", class: style, "data-pin": code, onclick: () => pin(code) }, "Compare", name);
  markPin(button);
  return button;
}

function markPin(button) {
  const taken = isPinned(button.dataset.pin);
  button.setAttribute("aria-pressed", String(taken));
  button.toggleAttribute("disabled", !taken && isFull());
}

function pin(code) {
  const pinned = isPinned(code) ? current.pinned.filter((other) => other !== code) : [...current.pinned, code];
  change({ pinned: pinned.slice(0, MOST_PLACES) });
}

/* Take a place out where it stands in a list, and leave the focus on what is next in that list. */
function takeOut(code, list) {
  const at = current.pinned.indexOf(code);
  pin(code);
  const left = byId(list).querySelectorAll("[data-out]");
  (left[Math.min(at, left.length - 1)] || board.map.getContainer()).focus();
}

const pinnedTitle = (code) => titleOf(...locate(code));

/* What is said when the comparison has changed. */
function pinnedWords(before) {
  const added = current.pinned.filter((code) => !before.pinned.includes(code)).map(pinnedTitle);
  const taken = before.pinned.filter((code) => !current.pinned.includes(code)).map(pinnedTitle);
  const count = current.pinned.length;
  const now = count > 1 ? `${count} of ${MOST_PLACES} places are side by side, above the table.` : count ? "Choose another place to compare it with." : "No place is compared.";
  return [...added.map((name) => `${name} is to be compared.`), ...taken.map((name) => `${name} is taken out.`), now].join(" ");
}

function showPinned() {
  document.querySelectorAll("[data-pin]").forEach(markPin);
  showTray();
  const places = current.pinned.map(locate);
  byId("compared").hidden = !places.length;
  byId("compared-table").replaceChildren(...(places.length ? [comparedHead(places), comparedBody(places)] : []));
}

const outButton = (code, list) => make("button", { type: "button", class: "plain", "data-out": code, onclick: () => takeOut(code, list) },
  "Take out", make("span", { class: "unseen" }, ` ${pinnedTitle(code)}`));

/* The places that are taken so far, beside the map. */
function showTray() {
  const tray = byId("tray");
  const { pinned } = current;
  tray.hidden = !pinned.length;
  tray.replaceChildren(...(pinned.length ? [
    make("h2", { id: "tray-heading" }, `To compare: ${pinned.length} of ${MOST_PLACES}`),
    make("ul", {}, ...pinned.map((code) => make("li", {}, make("span", {}, pinnedTitle(code)), outButton(code, "tray")))),
    make("p", {}, pinned.length > 1
      ? make("a", { href: "#compared-heading", onclick: seeCompared }, "See them side by side")
      : make("span", { class: "quiet" }, "Choose another place, and press “Compare” beside its name.")),
  ] : []));
}

function seeCompared(event) {
  event.preventDefault();
  byId("compared-heading").focus();
  byId("compared-heading").scrollIntoView({ block: "start" });
}

function comparedHead(places) {
  const head = ([kind, place]) => {
    const code = data.places[kind].codes[place];
    return make("th", { scope: "col" }, go(kind, place, nameOf(kind, place)), make("br"), outButton(code, "compared-table"));
  };
  const beside = [data.borough.called, data.borough.whole].map((name) => make("th", { scope: "col" }, capital(name)));
  return make("thead", {}, make("tr", {}, make("td"), ...places.map(head), ...beside));
}

function nameOf(kind, place) {
  const { names, numbers } = data.places[kind];
  return kind === "pocket" ? `Pocket ${numbers[place]}, ${names[place]}` : names[place];
}

function comparedBody(places) {
  const plainRow = (title, words, borough, england) => make("tr", {}, make("th", { scope: "row" }, title),
    ...places.map(([kind, place]) => make("td", {}, words(kind, place))), make("td", {}, borough), make("td", {}, england));
  const { people: all, year, whole } = data.borough;
  const pocketCount = data.places.pocket.codes.length;
  const ages = data.places.area.ages && data.ages.borough.every((share) => share !== null) ? data.ages.words : [];
  const share = (value) => (value === null ? "–" : percentOf(value, 100));
  return make("tbody", {},
    plainRow("What it is", kindWords, "The borough", capital(whole)),
    plainRow("Pocket", pocketWords, pocketCount ? counted(pocketCount, "pocket") : "None", "–"),
    plainRow(inYear("People", year), (kind, place) => numeral(data.places[kind].people[place]), numeral(all), "–"),
    ...ages.map((words, age) => plainRow(capital(words), (kind, place) => ageShare(kind, place, age), share(data.ages.borough[age]), share(data.ages.england[age]))),
    ...data.layers.map((layer) => make("tr", { "data-layer": layer.id, class: layer.domain ? "domain" : null },
      make("th", { scope: "row" }, layer.short, unitWord(layer) && unitWord(layer) !== "ratio" ? make("span", { class: "quiet" }, ` ${unitWord(layer)}`) : null),
      ...places.map(([kind, place]) => make("td", {}, ...standing(layer, kind, place))),
      make("td", {}, make("span", { class: "amount" }, layer.borough === null ? "–" : amount(layer.borough, layer))),
      make("td", {}, make("span", { class: "amount" }, layer.england === null ? "–" : amount(layer.england, layer))))));
}

function kindWords(kind, place) {
  const code = data.places[kind].codes[place];
  if (kind === "area") return `Small area (LSOA ${code})`;
  const members = counted(areasOf(kind, place).length, "small area");
  return kind === "msoa" ? `Neighbourhood (MSOA ${code}) of ${members}` : `Pocket of ${members}`;
}

/* In which pocket a place lies, or how much of it in which. */
function pocketWords(kind, place) {
  if (kind === "pocket") return `Pocket ${data.places.pocket.numbers[place]}`;
  const inside = areasOf(kind, place).map((area) => data.places.area.pocket[area]).filter((pocket) => pocket >= 0);
  if (!inside.length) return "In none";
  if (kind === "area") return nameOf("pocket", inside[0]);
  const numbers = [...new Set(inside)].map((pocket) => data.places.pocket.numbers[pocket]).sort((one, other) => one - other);
  return `${inside.length} of ${counted(areasOf(kind, place).length, "small area")} in pocket ${numbers.join(" and ")}`;
}

function ageShare(kind, place, age) {
  const count = data.places[kind].ages[age][place];
  return count === null ? "–" : shareInWords(count, data.places[kind].people[place]);
}

/* A place on a layer: its value, where it stands among its like, and the limits where they are known. */
function standing(layer, kind, place) {
  const ranks = ["england", "borough"].map((frame) => [frame, rankWords(layer, kind, frame, place)]).filter(([, words]) => words);
  const interval = intervalWords(layer, kind, place);
  const ends = spanEnds(layer, kind, place);
  return [
    make("span", { class: "amount" }, valueWords(layer, kind, place)),
    bar(layer, kind, place),
    ...ranks.map(([frame, words]) => make("span", { class: "standing", "data-frame": frame },
      `${words} in ${frameName(frame)}${frame === "borough" && ends ? ` (${ends})` : ""}`)),
    interval ? make("span", { class: "standing" }, `95% interval ${interval}`) : null,
    markOf(layer, kind, place) ? make("span", { class: "standing" }, capital(markOf(layer, kind, place))) : null,
  ].filter(Boolean);
}
