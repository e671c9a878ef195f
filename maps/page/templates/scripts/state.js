/* What is seen is a small state, and the address holds all of it: a link shows the same again. */

const CUT = 20;

function firstState() {
  return {
    layer: data.borough.overall,
    frame: "england",
    place: "",
    cuts: data.overlap.members.map(() => CUT),
    pair: data.pair.start,
    of: EVERY,
    former: "",
    pinned: [],
    order: data.orders.length ? data.orders[0].id : "",
    view: null,
  };
}

const layerIds = () => [...data.layers.map((layer) => layer.id), "overlap", "pair", ...(data.past ? ["past"] : []), ...(data.sure.drawn ? ["sure"] : [])];
const layerOf = (id) => data.layers.find((layer) => layer.id === id);

/* Find a place by its code: ["area", 12], or null. */
function locate(code) {
  for (const kind of ["area", "msoa", "pocket"]) {
    const place = data.places[kind].codes.indexOf(code);
    if (place >= 0) return [kind, place];
  }
  return null;
}

/* Read the state from an address; whatever it holds that is not known is left out. */
function readAddress(hash) {
  const state = firstState();
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const numbers = (name) => (given.get(name) || "").split(",").map(Number);
  if (layerIds().includes(given.get("layer"))) state.layer = given.get("layer");
  if (given.get("compare") === "borough") state.frame = "borough";
  if (locate(given.get("place"))) state.place = given.get("place");
  else if (formerArea(given.get("place"))) state.former = given.get("place");
  if (data.past && data.past.years.includes(given.get("of"))) state.of = given.get("of");
  const cuts = numbers("worst");
  const allowed = (cut, place) => data.overlap.members[place].cuts.includes(cut);
  if (cuts.length === state.cuts.length && cuts.every(allowed)) state.cuts = cuts;
  const pair = (given.get("pair") || "").split(",");
  if (pair.length === 2 && pair.every(layerOf)) state.pair = pair;
  state.pinned = [...new Set((given.get("places") || "").split(","))].filter(locate).slice(0, MOST_PLACES);
  if (orderOf(given.get("order"))) state.order = given.get("order");
  const view = numbers("view");
  const inRange = Math.abs(view[0]) <= 90 && Math.abs(view[1]) <= 180 && view[2] >= 1 && view[2] <= 20;
  if (view.length === 3 && inRange) state.view = view;
  return state;
}

function writeAddress(state) {
  const parts = [`layer=${state.layer}`, `compare=${state.frame}`];
  if (state.place || state.former) parts.push(`place=${encodeURIComponent(state.place || state.former)}`);
  if (state.layer === "overlap") parts.push(`worst=${state.cuts.join(",")}`);
  if (state.layer === "past" && state.of !== EVERY) parts.push(`of=${state.of}`);
  if (state.layer === "pair") parts.push(`pair=${state.pair.join(",")}`);
  if (state.order !== firstState().order) parts.push(`order=${state.order}`);
  if (state.pinned.length) parts.push(`places=${state.pinned.map(encodeURIComponent).join(",")}`);
  if (state.view) parts.push(`view=${state.view.join(",")}`);
  return `#${parts.join("&")}`;
}
