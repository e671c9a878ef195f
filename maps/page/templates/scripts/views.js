/* A view is what the map shows: a title, classes with counts, and each area's class.
   The fill, the legend, the table and the words are all made from this one object. */

const PLAIN = (entry) => entry.pattern === "plain";

function viewOf(state) {
  if (state.layer === "overlap") return overlapView(state);
  if (state.layer === "pair") return pairView(state);
  if (state.layer === "past") return pastView(state);
  if (state.layer === "sure") return sureView();
  return layerView(layerOf(state.layer), state.frame);
}

function withCounts(classes, numbers) {
  const counts = classes.map(() => 0);
  numbers.forEach((number) => (counts[number] += 1));
  return classes.map((entry, place) => ({ ...entry, count: counts[place] }));
}

function layerView(layer, frame) {
  const found = layer.classes[frame];
  const numbers = Array.from(found.numbers, Number);
  const classes = withCounts(found.classes, numbers);
  return {
    id: layer.id, layer, frame, numbers, classes,
    name: layer.title,
    title: found.title,
    question: layer.question,
    caption: layerCaption(layer, frame, classes),
  };
}

/* How many small areas a share is of: those with a value, and how many have none. */
function knownOf(classes) {
  const all = data.places.area.codes.length;
  const count = classes.filter(PLAIN).reduce((sum, entry) => sum + entry.count, 0);
  const former = classes.filter((entry) => entry.pattern === "striped").reduce((sum, entry) => sum + entry.count, 0);
  const lacking = all - count - former;
  return {
    all: count,
    named: former ? `the ${counted(count, "small area")} that are ranked`
      : lacking ? `the ${counted(count, "small area")} with a value` : counted(count, "small area"),
    lacking: lacking ? ` ${numeral(lacking)} ${lacking === 1 ? "has" : "have"} no value.` : "",
  };
}

function layerCaption(layer, frame, classes) {
  const { called: name } = data.borough;
  if (layer.middle !== null && frame === "england") return ratioCaption(layer);
  if (tooFew(layer, "area", frame)) return tooFewCaption([layer]);
  const worst = frame === "england" && layer.ranks ? classes.slice(0, 3) : classes.slice(0, layer.classes[frame].worst);
  const count = worst.reduce((sum, entry) => sum + entry.count, 0);
  const { all, named, lacking } = knownOf(classes);
  if (!all) return `No small area of ${name} has a value.`;
  if (frame === "england") {
    const part = layer.ranks ? layer.fifths[0].replace("fifth", "tenth") : layer.fifths[0];
    const there = `in ${possessive(data.borough.whole)} ${part}.${lacking}`;
    if (named === counted(1, "small area")) return `The only small area of ${name} is ${count ? "" : "not "}${there}`;
    const of = named.startsWith("the ") ? `${named} in ${name}` : `${possessive(name)} ${named}`;
    return `${numeral(count)} of ${of} (${percentOf(count, all)}) ` +
      `${count === 1 ? "is" : "are"} ${there}`;
  }
  return `The ${layer.fifths[0]} of ${name} is ${counted(count, "small area")}${named.startsWith("the ") ? ` of ${named}.${lacking}` : "."} ` +
    `This compares places inside ${name}, not ${name} with ${data.borough.whole}.`;
}

function tooFewCaption(layers) {
  const names = layers.map((layer) => layer.short).join(" and ");
  return `${data.borough.name} has fewer than ${data.borough.fewest} areas with a value on ${names}: too few to rank them among themselves.`;
}

function ratioCaption(layer) {
  const own = (numbers) => numbers.filter((number, place) => number !== null && !markOf(layer, "msoa", place));
  const known = own(layer.msoa.value).length;
  if (!layer.msoa.lower) return `${numeral(known)} areas (MSOAs) have a ratio.`;
  const above = own(layer.msoa.lower).filter((limit) => limit > layer.middle).length;
  return `In ${numeral(above)} of ${counted(known, "area")} (MSOAs) the whole 95% interval is above ` +
    `${layer.middle}: more deaths than expected.`;
}

/* Whether an area is among the worst of a member: it is when one of its layers is within the cut, and it is
   not when none is; null where a layer without a value could decide. A member that is left out decides nothing. */
function among(member, frame, area, cut) {
  if (!cut) return false;
  const found = member.layers.map((id) => {
    const layer = layerOf(id);
    const fifth = fifthOf(layer, "area", frame, area);
    const rank = rankOf(layer, "area", frame, area);
    if (!fifth) return null;
    return rank === null ? fifth * 20 <= cut : rank * 100 <= cut * layer.counts.area[frame];
  });
  if (found.includes(true)) return true;
  return found.includes(null) ? null : false;
}

/* On how many layers each area is known to be among the worst, and of how many it is known whether it is. */
function overlapCounts(state) {
  const { members } = data.overlap;
  return data.places.area.codes.map((code, area) => {
    const found = members.map((member, place) => among(member, state.frame, area, state.cuts[place]));
    const unknown = found.filter((each) => each === null).length;
    return { met: found.filter((each) => each).length, known: members.length - unknown };
  });
}

function overlapClass({ met, known }, of) {
  if (!known) return 2 * of + 1;
  return known < of ? 2 * of - met : of - met;
}

function overlapView(state) {
  const of = data.overlap.members.length;
  const found = overlapCounts(state);
  const counts = found.map(({ met, known }) => (known ? met : null));
  const numbers = found.map((each) => overlapClass(each, of));
  const classes = withCounts(data.overlap.classes, numbers);
  const several = found.filter(({ met }) => met >= 2).length;
  const open = found.filter(({ met, known }) => met < 2 && met + of - known >= 2).length;
  const place = frameName(state.frame);
  return {
    id: "overlap", layer: null, frame: state.frame, numbers, classes, counts,
    known: found.map(({ known }) => known),
    name: "How many layers overlap",
    title: `Layers among the worst of ${place}`,
    question: "Where do several problems meet?",
    caption: `${counted(several, "small area")} of ${data.borough.called} ` +
      `${several === 1 ? "is" : "are"} among the worst of ${place} on two layers or more.` +
      (open ? ` Of ${numeral(open)} more it is not known, for want of a value.` : ""),
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
  const missing = (entry) => (few.length && entry.pattern === "hatched" ? { ...entry, label: `${capital(data.words.too_few)}, or ${data.words.no_value}` } : entry);
  const classes = withCounts(named.map(missing), numbers);
  const { lacking } = knownOf(classes);
  return {
    id: "pair", layer: null, frame: state.frame, numbers, classes, pair: [first, second],
    name: `${first.short} and ${second.short}`,
    title: `Fifths of ${frameName(state.frame)}`,
    question: "Where do two layers meet?",
    caption: few.length ? tooFewCaption(few) : `${counted(classes[0].count, "small area")} of ${data.borough.called} ` +
      `${classes[0].count === 1 ? "is" : "are"} in the worst fifth of ${frameName(state.frame)} on both.` +
      lacking.replace("no value", "no value on one of them"),
  };
}

/* What is said when a view was chosen. */
const told = (view) => `${view.name}, compared with ${frameName(view.frame)}. ${view.caption}`;

/* The map in words, for whoever does not see it. */
function describe(view) {
  const parts = view.classes.filter((entry) => entry.count)
    .map((entry) => `${entry.label}: ${numeral(entry.count)}`);
  const carried = view.layer && view.layer.carried ? ` ${view.layer.carried}` : "";
  return `Map of ${data.borough.called}: ${told(view)}${carried} Small areas by class: ${parts.join("; ")}.`;
}
