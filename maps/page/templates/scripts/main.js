/* The page at work: one state, changed in one place, shown by everything. */

const data = JSON.parse(byId("data").textContent);
let board = null;
let current = null;
let view = null;

/* Change the state. A quiet change replaces the address instead of adding to the history. */
function change(patch, { quiet = false } = {}) {
  const before = current;
  current = { ...current, ...patch, former: patch.former || (patch.place === undefined ? current.former : "") };
  const address = writeAddress(current);
  if (address !== window.location.hash) {
    window.history[quiet ? "replaceState" : "pushState"](null, "", address);
  }
  show(before);
  tellFormer(before);
  tell(before);
}

function choose(kind, place, { close = false, quiet = false, focus = false, from = null, keyed = false } = {}) {
  const code = data.places[kind].codes[place];
  if (code === current.place) say(reading(view, kind, place));
  else change({ place: code }, { quiet });
  bringToSight(kind, place, { close });
  if (from) answer(kind, place, { from, keyed });
  if (focus) byId("selection-heading").focus();
}

function clearChoice() {
  if (!current.place) return;
  change({ place: "" });
  if (!document.activeElement || document.activeElement === document.body) board.map.getContainer().focus();
}

function say(text) {
  byId("said").textContent = text;
}

/* What the map's colours hang on. */
const seen = (state) => state && JSON.stringify([state.layer, state.frame, state.cuts, state.pair, state.of]);

/* Say what has changed, whoever changed it: a control, or the way back in the history. */
function tell(before) {
  const words = [];
  if (seen(before) !== seen(current)) words.push(told(view));
  if (before.place !== current.place) words.push(current.place ? reading(view, ...locate(current.place)) : "Nothing is selected.");
  if (String(before.pinned) !== String(current.pinned)) words.push(pinnedWords(before));
  if (before.order !== current.order) words.push(`Pockets in order of ${orderOf(current.order).label}.`);
  if (words.length) say(words.join(" "));
}

/* Show the state: all of it at first, later what has changed. */
function show(before) {
  if (seen(before) !== seen(current)) {
    view = viewOf(current);
    paint(view);
    showLegend(view);
    if (before) placeLabels();
    showControls();
    showOverlap(view, current);
    showPair(current);
    showPast(view, current);
    if (table.rows.length) refreshTable(view);
  }
  if (!before || before.order !== current.order) showOrder(current.order);
  const found = locate(current.place);
  if (!before || before.place !== current.place) markChosen(found);
  if (!before || before.place !== current.place || before.frame !== current.frame || before.layer !== current.layer) showPanel(found, current.frame);
  if (!before || String(before.pinned) !== String(current.pinned)) showPinned();
  markRow(found);
  markPocket(found);
  if (!before || before.place !== current.place || seen(before) !== seen(current)) refreshSheet(found);
}

function showControls() {
  document.querySelectorAll("input[name=layer]").forEach((input) => (input.checked = input.value === current.layer));
  document.querySelectorAll("input[name=compare]").forEach((input) => {
    input.checked = input.value === view.frame;
    input.disabled = Boolean(view.fixed);
  });
  byId("compare-fixed").hidden = !view.fixed;
  byId("compare-fixed").textContent = view.fixed || "";
  const layer = layerOf(current.layer);
  if (layer && layer.domain) byId("domains").open = true;
  byId("layer-words").replaceChildren(...layerWords(layer));
  document.title = `${data.borough.name}: ${view.name} – pockets of deprivation`;
}

function layerWords(layer) {
  if (!layer) return [make("p", {}, make("strong", {}, view.question))];
  const guide = Object.entries(layer.lines).map(([name, value]) => `${name}: ${amount(value, layer)}`).join("; ");
  return [
    make("p", {}, make("strong", {}, layer.question), ` ${layer.explanation}`),
    layer.geography === "MSOA" ? make("p", {}, "Known for neighbourhoods of about 8,000 people (MSOAs): the small areas of one neighbourhood share its value.") : null,
    guide ? make("p", {}, `${capital(guide)}.`) : null,
    layer.carried ? make("p", {}, layer.carried) : null,
    make("p", { class: "quiet" }, [layer.caveat, ...layer.notes].join(" ")),
  ].filter(Boolean);
}

function markPocket(found) {
  document.querySelectorAll("#pockets li button").forEach((button) => {
    const chosen = found && found[0] === "pocket" && found[1] === Number(button.value);
    if (chosen) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
}

function setUpControls() {
  const on = (name, act) => document.querySelectorAll(`input[name=${name}]`).forEach((input) =>
    input.addEventListener("change", () => act(input.value)));
  on("layer", (layer) => change({ layer }));
  on("compare", (frame) => change({ frame }));
  document.querySelectorAll("#pockets li button").forEach((button) =>
    button.addEventListener("click", (event) => choose("pocket", Number(button.value), { close: true, ...pressed(event, fromList(button)) })));
  if (byId("order")) byId("order").addEventListener("change", () => change({ order: byId("order").value }));
  document.querySelectorAll(".alone button").forEach((button) =>
    button.addEventListener("click", (event) => choose("area", data.places.area.codes.indexOf(button.value), { close: true, ...pressed(event, fromList(button)) })));
  byId("zoom-in").addEventListener("click", () => board.map.zoomIn(1, motion()));
  byId("zoom-out").addEventListener("click", () => board.map.zoomOut(1, motion()));
  byId("zoom-whole").addEventListener("click", () => showWhole());
  document.querySelectorAll(".download").forEach((button) => button.addEventListener("click", download));
}

/* "How to read this map" is open until it has been closed once. */
function setUpHow() {
  const how = byId("how");
  try {
    how.open = window.localStorage.getItem("pockets-how-read") !== "yes";
    how.addEventListener("toggle", () => window.localStorage.setItem("pockets-how-read", how.open ? "no" : "yes"));
  } catch {
    how.open = true;
  }
}

/* Keep the position in the address once the reader has moved the map. */
function keepPosition() {
  const { lat, lng } = board.map.getCenter();
  const position = board.whole ? null : [Number(lat.toFixed(4)), Number(lng.toFixed(4)), board.map.getZoom()];
  if (String(position) === String(current.view)) return;
  current = { ...current, view: position };
  window.history.replaceState(null, "", writeAddress(current));
}

function goToAddress() {
  const before = current;
  const panel = byId("selection");
  const within = panel.contains(document.activeElement);
  current = readAddress(window.location.hash);
  goToPosition(motion());
  show(before);
  tellFormer(before);
  tell(before);
  if (within && !panel.contains(document.activeElement)) (byId("selection-heading") || board.map.getContainer()).focus();
}

function goToPosition(how) {
  board.whole = !current.view;
  if (current.view) board.map.setView(current.view.slice(0, 2), current.view[2], how);
  else showWhole(how);
}

function start(map) {
  const geometry = decode(data.topology);
  if (still()) Object.assign(map.options, { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
  current = readAddress(window.location.hash);
  board = makeBoard(map, geometry);
  keepRoom();
  measure();
  goToPosition({ animate: false });
  Object.assign(board, drawMap(board));
  map.options.maxBounds = board.bounds.pad(2);
  map.setMinZoom(map.getBoundsZoom(board.bounds.pad(0.5)) - 0.25);
  setUpHow();
  setUpOverlap();
  setUpPair();
  setUpPast();
  setUpControls();
  setUpFind();
  setUpKeyboard();
  setUpPrint();
  setUpSheet();
  setUpLabel();
  setUpGestures();
  setUpCloser();
  setUpByItself();
  makeLabels();
  show(null);
  tellFormer(null);
  placeLabels();
  map.on("movestart", () => { board.whole = false; });
  map.on("moveend", keepPosition);
  map.on("click", clearChoice);
  window.addEventListener("popstate", goToAddress);
  new ResizeObserver(fitAgain).observe(map.getContainer());
  window.setTimeout(() => {
    setUpTable(view);
    markRow(locate(current.place));
    document.documentElement.dataset.ready = "yes";
  }, 0);
}
