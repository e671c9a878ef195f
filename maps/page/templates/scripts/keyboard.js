/* The map by keyboard: one tab stop; arrows go to the neighbour on that side, Page keys through all. */

const SIDES = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] };
const WIDEST = Math.cos((65 * Math.PI) / 180);

/* How well another area lies on a side: the cosine of the angle, and the distance. */
function bearing(from, to, [east, north]) {
  const [a, b] = [board.centres[from], board.centres[to]];
  const across = (b.lng - a.lng) * Math.cos((a.lat * Math.PI) / 180);
  const up = b.lat - a.lat;
  const far = Math.hypot(across, up);
  return { cosine: far ? (across * east + up * north) / far : 0, far };
}

/* The neighbour that lies best on a side; where none does, the nearest area that way. */
function areaOnSide(area, side) {
  const rated = (others) => others.map((other) => ({ other, ...bearing(area, other, side) }))
    .filter(({ cosine }) => cosine >= WIDEST);
  const beside = rated(board.neighbours[area]).sort((one, two) => two.cosine - one.cosine);
  if (beside.length) return beside[0].other;
  const beyond = rated(board.centres.map((centre, other) => other).filter((other) => other !== area));
  return beyond.sort((one, two) => one.far - two.far)[0]?.other ?? area;
}

/* Where the four arrows lead from each area. Some areas lie best on no side of any neighbour: an arrow
   of a neighbour is turned to each, as long as all that could be reached still can be. */
function arrowRoutes() {
  const sides = Object.values(SIDES);
  const routes = board.centres.map((centre, area) => sides.map((side) => areaOnSide(area, side)));
  let reached = reachable(routes);
  while (reached.size < routes.length && turnOneArrow(routes, reached, sides)) reached = reachable(routes);
  return routes;
}

function reachable(routes) {
  const reached = new Set([0]);
  for (const area of reached) routes[area].forEach((other) => reached.add(other));
  return reached;
}

function turnOneArrow(routes, reached, sides) {
  const lost = routes.map((none, area) => area).filter((area) => !reached.has(area));
  const turns = lost.flatMap((area) => board.neighbours[area].filter((from) => reached.has(from))
    .flatMap((from) => sides.map((side, way) => ({ from, way, area, cosine: bearing(from, area, side).cosine }))));
  turns.sort((one, two) => two.cosine - one.cosine);
  return turns.some(({ from, way, area }) => {
    const before = routes[from][way];
    routes[from][way] = area;
    if (reachable(routes).size > reached.size) return true;
    routes[from][way] = before;
    return false;
  });
}

/* All areas, worst first in the view: the order of the Page keys. */
function worstFirst(view) {
  const rank = (area) => (view.layer ? rankOf(view.layer, "area", view.frame, area) ?? Infinity : 0);
  return view.numbers.map((number, area) => ({ number, area, rank: rank(area) }))
    .sort((one, two) => one.number - two.number || one.rank - two.rank || one.area - two.area)
    .map(({ area }) => area);
}

function here() {
  const found = locate(current.place);
  return found ? areasOf(...found)[0] : null;
}

function setUpKeyboard() {
  const box = board.map.getContainer();
  const keys = "Arrow keys go to the neighbour on that side, Page Down to the next worst, Enter to the details, T to the table.";
  const said = { tabindex: 0, role: "application", "aria-label": `Map of ${data.borough.called}. ${keys}`, "aria-describedby": "map-words" };
  Object.entries(said).forEach(([name, value]) => box.setAttribute(name, value));
  board.map.getPane("mapPane").setAttribute("aria-hidden", "true");
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const act = KEYS[event.key] || (SIDES[event.key] && (() => step(event.key)));
    if (!act) return;
    event.preventDefault();
    act();
  });
}

const KEYS = {
  Enter: () => current.place && byId("selection-heading").focus(),
  Escape() {
    pointed.keys = null;
    clearChoice();
  },
  "+": () => board.map.zoomIn(1, motion()),
  "=": () => board.map.zoomIn(1, motion()),
  "-": () => board.map.zoomOut(1, motion()),
  Home: () => showWhole(),
  PageDown: () => through(1),
  PageUp: () => through(-1),
  t: () => byId("table-heading").focus(),
  T: () => byId("table-heading").focus(),
};

function step(key) {
  board.routes = board.routes || arrowRoutes();
  const area = here();
  const next = area === null ? worstFirst(view)[0] : board.routes[area][Object.keys(SIDES).indexOf(key)];
  goTo(next);
}

function through(by) {
  const order = worstFirst(view);
  const area = here();
  const at = area === null ? (by > 0 ? 0 : order.length - 1) : (order.indexOf(area) + by + order.length) % order.length;
  goTo(order[at]);
}

function goTo(area) {
  choose("area", area, { quiet: true });
  pointWithKeys(area);
}
