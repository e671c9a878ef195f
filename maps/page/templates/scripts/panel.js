/* The panel: everything known of the place that is selected. */

function showPanel(found, frame) {
  const panel = byId("selection");
  panel.hidden = !found;
  byId("nothing-selected").hidden = Boolean(found);
  if (!found) return panel.replaceChildren();
  const [kind, place] = found;
  const heading = make("h2", { id: "selection-heading", tabindex: "-1" },
    kind === "pocket" ? badge(data.places.pocket.numbers[place]) : null,
    kind === "pocket" ? ` ${data.places.pocket.names[place]}` : data.places[kind].names[place]);
  panel.replaceChildren(
    make("div", { class: "panel-head" }, heading, pinButton(kind, place, "plain pin"), make("button", { type: "button", class: "plain", onclick: clearChoice }, "Clear")),
    ...ABOUT[kind](place),
    ...(kind === "pocket" ? [madeOf(place)] : []),
    ...ages(kind, place),
    make("p", { class: "quiet" }, KEY_TO_BARS()),
    ...groups(kind, place, frame),
    links(kind, place),
  );
}

const KEY_TO_BARS = () =>
  `Rank 1 is the most deprived, or the highest. Bars: the range of ${data.borough.called}, a thin line for ${data.borough.whole}, a thick one for this place.`;

const people = (count) => inYear(counted(count, "person", "people"), data.borough.year);

const go = (kind, place, text) =>
  make("button", { type: "button", class: "as-link", onclick: () => choose(kind, place, { close: true, focus: true }) }, text);

const ABOUT = {
  area(place) {
    const { codes, people: counts, msoa, pocket, hidden, single, relatively_worst: worst } = data.places.area;
    const lines = [make("p", {}, "Small area ", make("span", { class: "quiet" }, `(LSOA ${codes[place]})`),
      ...(msoa[place] < 0 ? [] : [" in ", go("msoa", msoa[place], data.places.msoa.names[msoa[place]])]),
      ` · ${people(counts[place])}`)];
    if (pocket[place] >= 0) {
      const number = data.places.pocket.numbers[pocket[place]];
      lines.push(make("p", {}, badge(number), " Part of ", go("pocket", pocket[place], `pocket ${number}, ${data.places.pocket.names[pocket[place]]}`)));
    }
    if (single.includes(place)) lines.push(make("p", { class: "flag" }, "A single small area: it meets the rule of pockets, and belongs to none."));
    lines.push(...pastOfArea(place));
    if (pocket[place] >= 0 && data.sure.drawn) lines.push(make("p", {}, `${data.sure.classes[data.sure.numbers[place]].label}: with it in ${numeral(data.sure.shares[place])}% of reasonable ways of counting.`));
    if (hidden.includes(place)) lines.push(make("p", { class: "flag" },
      `Left out by a map of the most deprived: in the most deprived fifth of ${data.borough.called}, but outside ${data.borough.tenths} of ${data.borough.whole}.`));
    else if (worst.includes(place)) lines.push(make("p", { class: "flag" }, `In the most deprived fifth of ${data.borough.called} overall.`));
    return lines;
  },
  msoa(place) {
    const { codes, people: counts } = data.places.msoa;
    const members = areasOf("msoa", place);
    return [
      make("p", {}, `Neighbourhood of ${counted(members.length, "small area")} `, make("span", { class: "quiet" }, `(MSOA ${codes[place]})`), ` · ${people(counts[place])}`),
      memberList(members),
      make("p", { class: "quiet" }, "Values of the Indices and the air are means of its small areas, weighted by people; ranks are among neighbourhoods (MSOAs)."),
    ];
  },
  pocket(place) {
    const { people: counts, km2, worst_decile_pct: worst, across } = data.places.pocket;
    const members = areasOf("pocket", place);
    const lines = [make("p", {}, `${counted(members.length, "small area")} · ${people(counts[place])} · ${numeral(km2[place], 1)} km²`)];
    if (worst) lines.push(make("p", {}, `${capital(shareInWords(worst[place], 100))} of its people live in ${possessive(data.borough.whole)} most deprived tenth of small areas.`));
    lines.push(...data.sure.pockets[place].map((sentence) => make("p", {}, sentence)));
    lines.push(make("p", { class: "quiet" }, `“Came back”: ${data.sure.words}.`));
    if (across[place].length) lines.push(make("p", {}, ...across[place].map(([text, address]) => (address ? make("a", { href: address }, text) : text))));
    lines.push(...pastOfPocket(place));
    return [...lines, memberList(members),
      make("p", { class: "quiet" }, "Values are means of its small areas, weighted by people; ranks are among pockets.")];
  },
};

/* Who lives in a place: a bar an age, with the shares of the borough and of all beside it. */
function ages(kind, place) {
  const counts = data.places[kind].ages;
  if (!counts || counts[0][place] === null) return [];
  const all = data.places[kind].people[place];
  const said = data.ages.words.map((words, age) => `${shareInWords(counts[age][place], all)} ${words}`);
  const beside = (age) => [["borough", data.borough.called], ["england", data.borough.whole]]
    .map(([frame, name]) => `${name} ${percentOf(data.ages[frame][age], 100)}`).join(", ");
  const rows = data.ages.words.map((words, age) => make("li", { class: "age" },
    make("p", {}, `${capital(words)}: ${shareInWords(counts[age][place], all)} `, make("span", { class: "quiet" }, `(${numeral(counts[age][place])} people; ${beside(age)})`)),
    shareBar((100 * counts[age][place]) / all, data.ages.borough[age], data.ages.england[age])));
  return [make("details", { class: "ages" },
    make("summary", {}, `${inYear("Who lives here", data.borough.year)}: ${said.join(", ")}`),
    make("ul", {}, ...rows),
    make("p", { class: "quiet" }, `Bars: 0% to 100% of the people here, a thick line for ${data.borough.called}, a thin one for ${data.borough.whole}.`))];
}

function shareBar(here, borough, england) {
  const line = (at, width) => draw("rect", { x: 3 * at - width / 2, y: 0, width, height: 12, fill: TINT.ink });
  return draw("svg", { class: "bar", viewBox: "0 0 300 12", preserveAspectRatio: "none", "aria-hidden": "true" },
    draw("rect", { x: 0, y: 3, width: 300, height: 6, fill: TINT.pale }),
    draw("rect", { x: 0, y: 3, width: 3 * here, height: 6, fill: TINT.deep }),
    ...(borough === null ? [] : [line(borough, 3)]), ...(england === null ? [] : [line(england, 1)]));
}

function memberList(members) {
  const items = members.map((area) => make("li", {}, go("area", area, data.places.area.names[area])));
  return make("details", {}, make("summary", {}, `Its ${counted(members.length, "small area")}`), make("ul", { class: "members" }, ...items));
}

/* Layers under the heading of their source and period; the domains folded under the overall index. */
function groups(kind, place, frame) {
  const byOrigin = new Map();
  for (const layer of data.layers) {
    const origin = originOf(layer);
    if (!byOrigin.has(origin)) byOrigin.set(origin, []);
    byOrigin.get(origin).push(layer);
  }
  return [...byOrigin].map(([origin, layers]) => {
    const facts = (some) => make("ul", { class: "facts" }, ...some.map((layer) => fact(layer, kind, place, frame)));
    const domains = layers.filter((layer) => layer.domain);
    return make("section", { class: "origin" },
      facts(layers.filter((layer) => !layer.domain)),
      domains.length ? make("details", { open: domains.some((layer) => layer.id === current.layer) }, make("summary", {}, "Its domains"), facts(domains)) : null,
      make("p", { class: "quiet source" }, origin));
  });
}

function originOf(layer) {
  const publishers = [...new Set(layer.sources.map((source) => source.publisher))].join("; ");
  return `${layer.period}.${publishers ? ` Source: ${publishers}.` : ""}`;
}

function fact(layer, kind, place, frame) {
  const interval = intervalWords(layer, kind, place);
  const marks = [
    capital(markOf(layer, kind, place)),
    layer.geography === "MSOA" && kind === "area" ? "MSOA value" : "",
    interval ? `95% interval ${interval}` : "",
    clusterWords(layer, kind, place),
  ].filter(Boolean);
  const unit = unitWord(layer);
  const living = peopleWords(layer, kind, place);
  return make("li", { class: layer.id === current.layer ? "fact current" : "fact", "data-layer": layer.id },
    make("p", { class: "fact-name" }, layer.short, unit && unit !== "ratio" ? make("span", { class: "quiet" }, ` ${unit}`) : null),
    make("p", { class: "fact-value" }, valueWords(layer, kind, place), living ? make("span", { class: "quiet" }, ` — ${living}`) : null),
    (layer[kind].spread || [])[place] ? make("p", { class: "quiet" }, `Its small areas: ${layer[kind].spread[place]}`) : null,
    bar(layer, kind, place),
    make("p", { class: "fact-ranks" }, ...ranksLine(layer, kind, place, frame)),
    marks.length ? make("p", { class: "quiet" }, marks.join(" · ")) : null);
}

/* Both ranks, the one of the comparison in use first and strong. */
function ranksLine(layer, kind, place, frame) {
  const order = frame === "england" ? ["england", "borough"] : ["borough", "england"];
  const parts = order.map((each) => [each, rankWords(layer, kind, each, place)]).filter(([, words]) => words);
  return parts.flatMap(([each, words], number) => {
    const span = each === "borough" ? spanWords(layer, kind, place) : "";
    const text = `${words} in ${frameName(each)}${span}`;
    return [number ? " · " : "", make(each === frame ? "strong" : "span", { "data-frame": each }, text)];
  });
}

/* How far a rank may move: "2nd to 5th", or nothing where that is not known. */
function spanEnds(layer, kind, place) {
  const span = layer[kind].rank_span;
  if (!span || span.from[place] === null || span.to[place] === null) return "";
  return `${ordinal(span.from[place])} to ${ordinal(span.to[place])}`;
}

function spanWords(layer, kind, place) {
  const span = layer[kind].rank_span;
  const ends = spanEnds(layer, kind, place);
  if (!ends) return "";
  if (span.kind === "interval") return ` (95% interval ${ends})`;
  return ` (${ends} over other weights of the domains: a range, not an interval of chance)`;
}

/* "In a cluster of high values in England and in Liverpool". */
function clusterWords(layer, kind, place) {
  const frames = new Map();
  for (const frame of ["england", "borough"]) {
    const number = Number((layer[kind][`cluster_${frame}`] || "")[place] || 0);
    if (number) frames.set(number, [...(frames.get(number) || []), `in ${frameName(frame)}`]);
  }
  return [...frames].map(([number, names]) => `${capital(data.words.clusters[number - 1])} ${names.join(" and ")}`).join("; ");
}

function bar(layer, kind, place) {
  const value = valueOf(layer, kind, place);
  const known = (layer.area.value || layer.msoa.value).filter((number) => number !== null);
  if (value === null || !known.length) return null;
  const all = [...known, value, ...(layer.england === null ? [] : [layer.england])];
  const low = all.reduce((least, number) => Math.min(least, number));
  const high = all.reduce((most, number) => Math.max(most, number));
  const at = (number) => (high > low ? 2 + (296 * (number - low)) / (high - low) : 150);
  const least = known.reduce((one, other) => Math.min(one, other));
  const most = known.reduce((one, other) => Math.max(one, other));
  return draw("svg", { class: "bar", viewBox: "0 0 300 12", preserveAspectRatio: "none", "aria-hidden": "true" },
    draw("rect", { x: at(least), y: 3, width: Math.max(at(most) - at(least), 1), height: 6, fill: TINT.pale }),
    ...(layer.england === null ? [] : [draw("rect", { x: at(layer.england) - 0.75, y: 0, width: 1.5, height: 12, fill: TINT.ink })]),
    draw("rect", { x: at(value) - 2.5, y: 0, width: 5, height: 12, fill: TINT.deep }));
}

function links(kind, place) {
  const { profile, pocket } = data.links;
  const msoa = kind === "area" ? data.places.area.msoa[place] : place;
  const anchor = (address, text) => make("a", { href: address }, text);
  const items = [];
  if (kind === "pocket" && pocket) items.push(anchor(pocket.replace("{code}", encodeURIComponent(data.places.pocket.codes[place])), "Profile of this pocket"));
  if (kind !== "pocket" && profile && msoa >= 0) items.push(anchor(profile.replace("{code}", data.places.msoa.codes[msoa]), `Profile of ${data.places.msoa.names[msoa]}`));
  return make("p", { class: "panel-links" }, ...items.flatMap((item, number) => (number ? [" · ", item] : [item])));
}
