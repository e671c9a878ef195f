/* Then and now: how often a small area was in the most deprived tenth, and its decile in each edition.
   England is the frame whatever is chosen, since earlier editions are known in it alone. */

const EVERY = "all";

const pastNow = () => data.past.years[data.past.years.length - 1];

function pastClass(decile) {
  if (decile === null) return data.past.limits.length;
  return data.past.limits.findIndex((last) => decile <= last);
}

function pastView(state) {
  const fixed = `Then and now is compared with ${data.borough.whole} alone: earlier editions are known in no other comparison.`;
  return { ...(state.of === EVERY ? oftenView() : thenView(state.of)), fixed };
}

function oftenView() {
  const { times, years, classes } = data.past;
  const of = years.length;
  const numbers = times.map((count) => (count === null ? of + 1 : of - count));
  const shown = withCounts(classes.times, numbers);
  const always = shown[0].count;
  return {
    id: "past", layer: null, frame: "england", numbers, classes: shown, past: EVERY,
    values: times, column: `Editions in ${possessive(data.borough.whole)} most deprived tenth`,
    name: `Most deprived tenth over the editions ${listedYears()}`,
    title: `In ${possessive(data.borough.whole)} most deprived tenth`,
    question: "Where has deprivation lasted?",
    caption: `${numeral(always)} of ${possessive(data.borough.called)} ${counted(numbers.length, "small area")} ` +
      `(${percentOf(always, numbers.length)}) ${always === 1 ? "was" : "were"} in ${possessive(data.borough.whole)} most deprived tenth in all ${of} editions (${listedYears()}).`,
  };
}

function thenView(year) {
  const deciles = data.past.deciles[year];
  const numbers = deciles.map(pastClass);
  const classes = withCounts(data.past.classes.deciles, numbers);
  const { count } = classes[0];
  const marked = data.past.estimated.length;
  const ground = year === pastNow() ? "" : ` It is laid on today’s small areas${marked ? `; of ${numeral(marked)}, whose boundary has changed, the tenth is an estimate` : ""}.` +
    (data.places.pocket.codes.length ? ` The outlines are the pockets of ${pastNow()}.` : "");
  return {
    id: "past", layer: null, frame: "england", numbers, classes, past: year,
    values: deciles, column: `Decile in the edition of ${year}`,
    name: `Overall deprivation in the edition of ${year}`,
    title: `Tenths of ${data.borough.whole}, edition of ${year}`,
    question: `Where was deprivation deepest in the edition of ${year}?`,
    caption: `In the edition of ${year}, ${numeral(count)} of ${counted(numbers.length, "small area")} of ${data.borough.called} ` +
      `${count === 1 ? "was" : "were"} in ${possessive(data.borough.whole)} most deprived tenth.${ground}`,
  };
}

const listedYears = () => `${data.past.years.slice(0, -1).join(", ")} and ${pastNow()}`;

function setUpPast() {
  document.querySelectorAll("input[name=of]").forEach((input) =>
    input.addEventListener("change", () => change({ of: input.value })));
}

function showPast(view, state) {
  if (!data.past) return;
  byId("past").hidden = state.layer !== "past";
  if (state.layer !== "past") return;
  document.querySelectorAll("input[name=of]").forEach((input) => (input.checked = input.value === state.of));
  const shown = view.classes.map((entry, number) => [entry, number]).filter(([entry]) => PLAIN(entry));
  byId("past-counts").replaceChildren(...shown.map(([entry, number]) => {
    const living = view.numbers.reduce((sum, own, area) => sum + (own === number ? data.places.area.people[area] : 0), 0);
    return make("tr", {}, make("th", { scope: "row" }, entry.label), make("td", {}, numeral(entry.count)), make("td", {}, numeral(living)));
  }));
}

/* What the panel says of a small area in earlier editions. */
function pastOfArea(place) {
  if (!data.past) return [];
  const { years, deciles, estimated } = data.past;
  const told = years.filter((year) => deciles[year][place] !== null).map((year) => `${year}: ${deciles[year][place]}`);
  const mark = estimated.includes(place) ? " Its boundary has changed: the earlier ones are estimates." : "";
  return [make("p", {}, `Decile in ${data.borough.whole} by edition, 1 the most deprived – ${told.join(" · ")}.${mark}`)];
}

function pastOfPocket(place) {
  const said = data.past && data.past.pockets[place];
  return said ? [make("p", {}, said), make("p", { class: "quiet" }, data.past.linked)] : [];
}

/* A code of the former census whose area was redrawn: what became of it, with a way to each part. */
function formerArea(code) {
  const known = data.past && Object.hasOwn(data.past.former, code) ? data.past.former[code] : null;
  if (!known) return null;
  const ways = known.areas.map((area) => go(known.kind, area, data.places[known.kind].names[area]));
  const others = known.others.map((other) => `${other} in another borough`);
  const parts = [...ways, ...others].flatMap((part, number) => (number ? ["; ", part] : [part]));
  return [`${code} is a code of the census of ${data.past.vintage}, whose boundary has changed: it ${known.words} `, ...parts, "."];
}

/* A link to such a code selects nothing, and says so where a search would answer, for as long as it is in the address. */
function tellFormer(before) {
  const was = before ? before.former : "";
  if (was !== current.former) byId("find-message").replaceChildren(...(current.former ? formerArea(current.former) : []));
}
