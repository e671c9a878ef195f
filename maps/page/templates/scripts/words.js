/* Numbers and ranks in words: the same everywhere on the page. */

/* Half-way cases go to the even digit: only there is a number that has so many halves uneven in them. */
function rounded(size, decimals) {
  const text = size.toFixed(decimals);
  const halfWay = (size * 2 ** (decimals + 1)) % 2 === 1;
  return halfWay && Number(text.at(-1)) % 2 ? (size * (1 - Number.EPSILON)).toFixed(decimals) : text;
}

/* Thousands apart, a true minus sign, and none before what rounds to nought. */
function numeral(value, decimals = 0) {
  const [units, ...rest] = rounded(Math.abs(value), decimals).split(".");
  const text = [units.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/* The same number for a file, which a program reads: no thousands apart, and the sign of the keyboard. */
const plain = (value, decimals) => numeral(value, decimals).replace(/,/g, "").replace("−", "-");

const counted = (number, one, many = `${one}s`) => `${numeral(number)} ${number === 1 ? one : many}`;
const inYear = (text, year) => `${text} (mid-${year})`;

function ordinal(number) {
  const tens = number % 100;
  const ending = tens > 10 && tens < 14 ? "th" : ["th", "st", "nd", "rd"][number % 10] || "th";
  return numeral(number) + ending;
}

/* A share in per cent that never rounds some to 0%, or most to 100%. */
function percentOf(part, all) {
  if (part <= 0 || all <= 0) return "0%";
  const share = (100 * part) / all;
  if (share < 1) return "less than 1%";
  return share > 99 && part < all ? "more than 99%" : `${numeral(share)}%`;
}

const shareInWords = (part, all) => (part <= 0 ? "none" : part >= all ? "all" : percentOf(part, all));

/* A value as it is shown, with the unit of its layer; what has none is said to have none. */
const amount = (value, layer) => (value === null ? data.words.no_value : numeral(value, layer.decimals) + layer.suffix);

const frameName = (frame) => (frame === "england" ? data.borough.whole : data.borough.called);
const possessive = (name) => (name.endsWith("s") ? `${name}’` : `${name}’s`);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/* "Score" and "ratio" stand beside the layer's name, since they follow no number. */
const unitWord = (layer) => (layer.suffix ? "" : layer.unit);

/* A number as it is shown; none for what is known in fifths alone. */
const valueOf = (layer, kind, place) => (layer[kind].value || [])[place] ?? null;

function valueWords(layer, kind, place) {
  const value = valueOf(layer, kind, place);
  if (value !== null || kind !== "area") return amount(value, layer);
  return classOf(layer, "england", place).label;
}

/* "about 919 people (mid-2015)", where a value is a share of people. */
function peopleWords(layer, kind, place) {
  const count = (layer[kind].people || [])[place] ?? null;
  if (count === null) return "";
  const one = layer.share_of.replace(/^people/, "person");
  return inYear(`about ${counted(count, one, layer.share_of)}`, data.borough.year);
}

/* "of the former MSOA, not ranked", beside a value that was carried from areas of another census. */
const markOf = (layer, kind, place) => (layer[kind].marks || {})[place] || "";

function intervalWords(layer, kind, place) {
  const { lower, upper } = layer[kind];
  if (!lower || !upper || lower[place] === null || upper[place] === null) return "";
  return `${amount(lower[place], layer)} to ${amount(upper[place], layer)}`;
}

function classOf(layer, frame, area) {
  const { classes, numbers } = layer.classes[frame];
  return classes[Number(numbers[area])];
}

const rankOf = (layer, kind, frame, place) => (layer[kind][`rank_${frame}`] || [])[place] ?? null;
const fifthOf = (layer, kind, frame, place) => Number((layer[kind][`fifth_${frame}`] || "")[place] || 0);

/* "121st of 32,844", or a fifth where ranks must not be compared, or why there is none. */
function rankWords(layer, kind, frame, place) {
  if (kind === "pocket") return rankAmongPockets(layer, frame, place);
  const rank = rankOf(layer, kind, frame, place);
  if (rank !== null) {
    const count = layer.counts[kind][frame];
    return count ? `${ordinal(rank)} of ${numeral(count)}` : ordinal(rank);
  }
  const fifth = layer.ranks ? 0 : fifthOf(layer, kind, frame, place);
  if (fifth) return layer.fifths[fifth - 1];
  return tooFew(layer, kind, frame) && fifthOf(layer, kind, "england", place) ? data.words.too_few : "";
}

/* "1st of 17 pockets": a pocket stands among pockets, and the only one nowhere. */
function rankAmongPockets(layer, frame, place) {
  const rank = rankOf(layer, "pocket", frame, place);
  if (rank !== null) return `${ordinal(rank)} of ${counted(layer.counts.pocket[frame], "pocket")}`;
  const fifth = layer.ranks ? 0 : fifthOf(layer, "pocket", frame, place);
  if (fifth) return `${layer.fifths[fifth - 1]} of pockets`;
  if (valueOf(layer, "pocket", place) === null) return "";
  return layer.ranks ? data.words.only_pocket : data.words.too_few_pockets;
}

/* A borough of a few areas has no ranks and no fifths of its own. */
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
  const mark = markOf(view.layer, kind, place);
  return `${name}. ${view.layer.short}: ${value}${mark ? ` (${mark})` : ""}${standing}${label}.`;
}

function titleOf(kind, place) {
  const { names, numbers, msoa } = data.places[kind];
  if (kind === "pocket") return `Pocket ${numbers[place]}, ${names[place]}`;
  if (kind === "msoa" || msoa[place] < 0) return names[place];
  return `${names[place]}, in ${data.places.msoa.names[msoa[place]]}`;
}
