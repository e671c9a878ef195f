/* A view is what the map shows: a title, classes with counts, and each area's class.
   The fill, the legend, the table and the words are all made from this one object. */

const PLAIN = (entry) => entry.pattern === "plain";

function viewOf(state) {
  if (state.layer === "overlap") return overlapView(state);
  if (state.layer === "pair") return pairView(state);
  return layerView(layerOf(state.layer), state.frame);
}

function counted(classes, numbers) {
  const counts = classes.map(() => 0);
  numbers.forEach((number) => (counts[number] += 1));
  return classes.map((entry, place) => ({ ...entry, count: counts[place] }));
}

function layerView(layer, frame) {
  const found = layer.classes[frame];
  const numbers = Array.from(found.numbers, Number);
  const classes = counted(found.classes, numbers);
  return {
    id: layer.id, layer, frame, numbers, classes,
    name: layer.title,
    title: found.title,
    question: layer.question,
    caption: layerCaption(layer, frame, classes),
  };
}

function layerCaption(layer, frame, classes) {
  const all = data.places.area.codes.length;
  const { called: name } = data.borough;
  if (layer.middle !== null && frame === "england") return ratioCaption(layer);
  if (tooFew(layer, "area", frame)) return tooFewCaption([layer]);
  const worst = frame === "england" && layer.ranks ? classes.slice(0, 3) : classes.slice(0, layer.classes[frame].worst);
  const count = worst.reduce((sum, entry) => sum + entry.count, 0);
  if (frame === "england") {
    const part = layer.ranks ? "tenth" : "fifth";
    return `${whole(count)} of ${possessive(name)} ${plural(all, "neighbourhood")} (${percent(count, all)}) ` +
      `${count === 1 ? "is" : "are"} in ${possessive(data.borough.whole)} worst ${part}.`;
  }
  return `The worst fifth of ${name} is ${plural(count, "neighbourhood")}. ` +
    `This compares places inside ${name}, not ${name} with ${data.borough.whole}.`;
}

function tooFewCaption(layers) {
  const names = layers.map((layer) => layer.short).join(" and ");
  return `${data.borough.name} has fewer than ${data.borough.fewest} areas with a value on ${names}: too few to rank them among themselves.`;
}

function ratioCaption(layer) {
  const { value, lower } = layer.msoa;
  const known = value.filter((number) => number !== null).length;
  if (!lower) return `${whole(known)} areas (MSOAs) have a ratio.`;
  const above = lower.filter((limit) => limit !== null && limit > layer.middle).length;
  return `In ${whole(above)} of ${plural(known, "area")} (MSOAs) the whole 95% interval is above ` +
    `${layer.middle}: more deaths than expected.`;
}

/* An area is among the worst of a member when the worse of its layers is within the cut. */
function among(member, frame, area, cut) {
  return member.layers.some((id) => {
    const layer = layerOf(id);
    const rank = rankOf(layer, "area", frame, area);
    if (rank !== null) return rank * 100 <= cut * layer.counts.area[frame];
    const fifth = layer.ranks ? 0 : fifthOf(layer, "area", frame, area);
    return fifth > 0 && fifth * 20 <= cut;
  });
}

const known = (member, area) => member.layers.some((id) => fifthOf(layerOf(id), "area", "england", area) > 0);

function overlapCounts(state) {
  const { members } = data.overlap;
  return data.places.area.codes.map((code, area) => {
    if (!members.some((member) => known(member, area))) return null;
    return members.filter((member, place) => among(member, state.frame, area, state.cuts[place])).length;
  });
}

function overlapView(state) {
  const of = data.overlap.members.length;
  const counts = overlapCounts(state);
  const numbers = counts.map((count) => (count === null ? of + 1 : of - count));
  const classes = counted(data.overlap.classes, numbers);
  const several = classes.slice(0, of - 1).reduce((sum, entry) => sum + entry.count, 0);
  const place = frameName(state.frame);
  return {
    id: "overlap", layer: null, frame: state.frame, numbers, classes, counts,
    name: "How many layers overlap",
    title: `Layers among the worst of ${place}`,
    question: "Where do several problems meet?",
    caption: `${plural(several, "neighbourhood")} of ${data.borough.called} ` +
      `${several === 1 ? "is" : "are"} among the worst of ${place} on two layers or more.`,
  };
}

const pairClass = (fifth) => (fifth <= 1 ? 0 : fifth <= 3 ? 1 : 2);

function pairView(state) {
  const [first, second] = state.pair.map(layerOf);
  const numbers = data.places.area.codes.map((code, area) => {
    const fifths = [first, second].map((layer) => fifthOf(layer, "area", state.frame, area));
    return fifths.includes(0) ? 9 : 3 * pairClass(fifths[0]) + pairClass(fifths[1]);
  });
  const { words } = data.pair;
  const named = data.pair.classes.map((entry, place) =>
    PLAIN(entry)
      ? { ...entry, label: `${first.short}: ${words[Math.floor(place / 3)].toLowerCase()}; ${second.short}: ${words[place % 3].toLowerCase()}` }
      : entry);
  const few = [first, second].filter((layer) => tooFew(layer, "area", state.frame));
  const missing = (entry) => (few.length && entry.pattern === "hatched" ? { ...entry, label: `${capital(TOO_FEW)}, or no data` } : entry);
  const classes = counted(named.map(missing), numbers);
  return {
    id: "pair", layer: null, frame: state.frame, numbers, classes, pair: [first, second],
    name: `${first.short} and ${second.short}`,
    title: `Fifths of ${frameName(state.frame)}`,
    question: "Where do two layers meet?",
    caption: few.length ? tooFewCaption(few) : `${plural(classes[0].count, "neighbourhood")} of ${data.borough.called} ` +
      `${classes[0].count === 1 ? "is" : "are"} in the worst fifth of ${frameName(state.frame)} on both.`,
  };
}

/* The map in words, for whoever does not see it. */
function describe(view) {
  const parts = view.classes.filter((entry) => entry.count)
    .map((entry) => `${entry.label}: ${whole(entry.count)}`);
  return `Map of ${data.borough.called}: ${view.name}, compared with ${frameName(view.frame)}. ` +
    `${view.caption} Neighbourhoods by class: ${parts.join("; ")}.`;
}
