/* Numbers and ranks in words: the same everywhere on the page. */

const FIFTHS = ["no data", "worst fifth", "2nd fifth", "3rd fifth", "4th fifth", "best fifth"];
const CLUSTER_WORDS = [
  "",
  "in a cluster of high values",
  "in a cluster of low values",
  "high among low neighbours",
  "low among high neighbours",
];

const { format: whole } = new Intl.NumberFormat("en-GB");
const plural = (number, one, many = `${one}s`) => `${whole(number)} ${number === 1 ? one : many}`;

function ordinal(number) {
  const tens = number % 100;
  const ending = tens > 10 && tens < 14 ? "th" : ["th", "st", "nd", "rd"][number % 10] || "th";
  return whole(number) + ending;
}

function percent(part, all) {
  if (!all || !part) return "0%";
  const share = (100 * part) / all;
  if (share < 1) return "less than 1%";
  if (share > 99 && part < all) return "more than 99%";
  return `${Math.round(share)}%`;
}

/* A share of people or places, that never rounds some to none or most to all. */
const shareWords = (part, all) => (part <= 0 ? "none" : part >= all ? "all" : percent(part, all));

const frameName = (frame) => (frame === "england" ? data.borough.whole : data.borough.called);
const possessive = (name) => (name.endsWith("s") ? `${name}’` : `${name}’s`);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/* A true minus sign, and none before what rounds to nought. */
function written(value, decimals) {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

function numberWords(layer, value) {
  const figure = written(value, layer.decimals);
  if (layer.unit === "%") return `${figure}%`;
  return /µg/.test(layer.unit) ? `${figure} ${layer.unit}` : figure;
}

/* "Score", "rate" and "ratio" stand beside the layer's name, since they follow no number. */
const unitWord = (layer) => (layer.unit === "%" || /µg/.test(layer.unit) ? "" : layer.unit);

/* A number as it is shown; none for what is known in fifths alone. */
const valueOf = (layer, kind, place) => (layer[kind].value || [])[place] ?? null;

function valueWords(layer, kind, place) {
  const value = valueOf(layer, kind, place);
  if (value !== null) return numberWords(layer, value);
  return kind === "area" ? classOf(layer, "england", place).label : "No data";
}

/* "about 919 people (mid-2015)", where a value is a share of people. */
function peopleWords(layer, kind, place) {
  const count = (layer[kind].people || [])[place] ?? null;
  if (count === null) return "";
  const one = layer.share_of.replace(/^people/, "person");
  return `about ${plural(count, one, layer.share_of)} (mid-${data.borough.year})`;
}

function intervalWords(layer, kind, place) {
  const { lower, upper } = layer[kind];
  if (!lower || !upper || lower[place] === null || upper[place] === null) return "";
  return `${numberWords(layer, lower[place])} to ${numberWords(layer, upper[place])}`;
}

function classOf(layer, frame, area) {
  const { classes, numbers } = layer.classes[frame];
  return classes[Number(numbers[area])];
}

const rankOf = (layer, kind, frame, place) => (layer[kind][`rank_${frame}`] || [])[place] ?? null;
const fifthOf = (layer, kind, frame, place) => Number((layer[kind][`fifth_${frame}`] || "")[place] || 0);

/* "121st of 32,844", or a fifth where ranks must not be compared, or why there is none. */
function rankWords(layer, kind, frame, place) {
  const rank = rankOf(layer, kind, frame, place);
  if (rank !== null) {
    const count = layer.counts[kind][frame];
    return count ? `${ordinal(rank)} of ${whole(count)}` : ordinal(rank);
  }
  const fifth = layer.ranks ? 0 : fifthOf(layer, kind, frame, place);
  if (fifth) return FIFTHS[fifth];
  return tooFew(layer, kind, frame) && fifthOf(layer, kind, "england", place) ? TOO_FEW : "";
}

/* A borough of a few areas has no ranks and no fifths of its own. */
const TOO_FEW = "too few areas to rank";
const tooFew = (layer, kind, frame) => frame === "borough" && layer.counts[kind].borough < data.borough.fewest;

/* One sentence on a place in the view that is shown. */
function reading(view, kind, place) {
  const name = titleOf(kind, place);
  if (kind === "area" && !view.layer) return `${name}: ${view.classes[view.numbers[place]].label}.`;
  if (!view.layer) return `${name}.`;
  const value = valueWords(view.layer, kind, place);
  const rank = rankWords(view.layer, kind, view.frame, place);
  const label = kind === "area" ? `, class: ${view.classes[view.numbers[place]].label}` : "";
  const standing = rank ? `, ${rank} in ${frameName(view.frame)}` : "";
  return `${name}. ${view.layer.short}: ${value}${standing}${label}.`;
}

function titleOf(kind, place) {
  const { names, numbers, msoa } = data.places[kind];
  if (kind === "pocket") return `Pocket ${numbers[place]}, ${names[place]}`;
  if (kind === "msoa" || msoa[place] < 0) return names[place];
  return `${names[place]}, in ${data.places.msoa.names[msoa[place]]}`;
}
