/* The whole borough as large as it can be, clear of the legend and the buttons that stand on the map. */

const EDGE = 12;
const CORNERS = ["bottom-left", "bottom-right", "top-left"];

/* Which points a box in a corner of the map would hide. */
function hiddenBy(corner, box, size, points) {
  const [right, bottom] = [corner.endsWith("right"), corner.startsWith("bottom")];
  return points.filter(({ x, y }) =>
    (right ? x > size.x - box.width : x < box.width) && (bottom ? y > size.y - box.height : y < box.height)).length;
}

const NOTHING = { width: 0, height: 0 };
const FEWEST_WORDS = 3;
/* What is left beside legend and buttons is of use from so many pixels on; less than none would be no size at all. */
const LEAST_ROOM = 40;

const standsOnMap = (element) => window.getComputedStyle(element).position === "absolute";
const boxOf = (element) => (standsOnMap(element) ? { width: element.offsetWidth + EDGE + 4, height: element.offsetHeight + EDGE + 4 } : NOTHING);

/* One state for every choice of what is shown and compared; of two layers together those with the longest names. */
function everyState() {
  const longest = [...data.layers].sort((one, other) => other.short.length - one.short.length).slice(0, 2).map((layer) => layer.id);
  const pair = longest.length === 2 ? longest : data.pair.start;
  return layerIds().flatMap((layer) => ["england", "borough"].map((frame) => ({ ...firstState(), layer, frame, pair })));
}

/* Keep as much room for the legend and for the words under the map as the largest view needs: whatever is chosen, the map stays. */
function keepRoom() {
  const [legend, under] = [byId("legend"), document.querySelector(".told")];
  board.room = NOTHING;
  under.style.minHeight = "";
  if (!standsOnMap(legend)) return;
  const probe = under.parentElement.appendChild(under.cloneNode(false));
  let words = 0;
  for (const state of everyState()) {
    const shown = viewOf(state);
    showLegend(shown);
    const { width, height } = boxOf(legend);
    board.room = { width: Math.max(board.room.width, width), height: Math.max(board.room.height, height) };
    probe.replaceChildren(make("p", {}, told(shown)));
    words = Math.max(words, probe.offsetHeight);
  }
  probe.replaceChildren(make("p", {}, ...Array.from({ length: FEWEST_WORDS }, () => make("br")), "."));
  under.style.minHeight = `${Math.max(words, probe.offsetHeight - parseFloat(window.getComputedStyle(probe).lineHeight))}px`;
  probe.remove();
  showLegend(viewOf(current));
}

/* The room kept for the legend in its corner, and that of the buttons, as boxes on the map. */
function keptFree() {
  const size = board.map.getSize();
  const corner = byId("legend").dataset.corner;
  const at = (box, right, bottom) => ({
    left: right ? size.x - box.width : 0, right: right ? size.x : box.width,
    top: bottom ? size.y - box.height : 0, bottom: bottom ? size.y : box.height,
  });
  const room = standsOnMap(byId("legend")) ? board.room : NOTHING;
  return [at(room, corner.endsWith("right"), corner.startsWith("bottom")), at(boxOf(document.querySelector(".zoom")), true, false)]
    .filter((box) => box.right > box.left && box.bottom > box.top);
}

/* All ways to show the borough at a zoom: in the middle, or moved as far as there is room. */
function* placements(zoom, size) {
  const rim = board.rim.map((place) => board.map.project(place, zoom));
  const bounds = L.bounds(rim);
  const spare = size.subtract(bounds.getSize()).divideBy(2).subtract([EDGE, EDGE]);
  const shifts = (room) => (room > 0 ? [0, room, -room] : [0]);
  for (const across of shifts(spare.x)) {
    for (const down of shifts(spare.y)) {
      const centre = bounds.getCenter().subtract([across, down]);
      const corner = centre.subtract(size.divideBy(2));
      yield { centre, zoom, points: rim.map((point) => point.subtract(corner)) };
    }
  }
}

/* How many points the buttons and the legend hide together, for the legend in any corner. */
function hiding(size) {
  const buttons = boxOf(document.querySelector(".zoom"));
  return (corner, points) => hiddenBy("top-right", buttons, size, points) + hiddenBy(corner, board.room, size, points);
}

/* The largest of the placements that hides nothing; where all hide something, the one that hides least. */
function bestPlacement() {
  const size = board.map.getSize();
  const largest = board.map.getBoundsZoom(board.bounds, false, L.point(2 * EDGE, 2 * EDGE));
  const hiddenIn = hiding(size);
  let best = null;
  for (const zoom of [largest, largest - 0.25, largest - 0.5, largest - 0.75]) {
    for (const placement of placements(zoom, size)) {
      for (const corner of CORNERS) {
        const hidden = hiddenIn(corner, placement.points);
        if (!best || hidden < best.hidden) best = { ...placement, corner, hidden };
        if (hidden === 0) return best;
      }
    }
  }
  return best;
}

/* Show the whole borough. The address then holds no position, so that another screen fits for itself. */
function showWhole({ animate = !still() } = {}) {
  const { map } = board;
  if (Math.min(map.getSize().x, map.getSize().y) <= 4 * EDGE) return;
  const { centre, zoom, corner } = bestPlacement();
  byId("legend").dataset.corner = corner;
  map.setView(map.unproject(centre, zoom), zoom, { animate });
  board.whole = true;
  keepPosition();
}

/* Some bounds as large as they can be beside the legend and the buttons: each is passed on its long side or its short one. */
function fitBeside(bounds, options) {
  const size = board.map.getSize();
  const edge = { left: EDGE, right: EDGE, top: EDGE, bottom: EDGE };
  const ways = keptFree().reduce((known, box) => known.flatMap((room) => [
    { ...room, ...(box.left === 0 ? { left: Math.max(room.left, box.right) } : { right: Math.max(room.right, size.x - box.left) }) },
    { ...room, ...(box.top === 0 ? { top: Math.max(room.top, box.bottom) } : { bottom: Math.max(room.bottom, size.y - box.top) }) },
  ]), [edge]);
  const roomy = ways.filter(({ left, right, top, bottom }) => Math.min(size.x - left - right, size.y - top - bottom) > LEAST_ROOM);
  const zoomOf = ({ left, right, top, bottom }) => board.map.getBoundsZoom(bounds, false, L.point(left + right, top + bottom));
  const room = roomy.reduce((best, each) => (best && zoomOf(best) >= zoomOf(each) ? best : each), null) || edge;
  board.map.fitBounds(bounds, { paddingTopLeft: [room.left, room.top], paddingBottomRight: [room.right, room.bottom], ...options });
}

/* Whether all of some areas can be seen, clear of the legend and the buttons. */
function inSight(areas) {
  const size = board.map.getSize();
  const frame = { left: 0, top: 0, right: size.x, bottom: size.y };
  const kept = keptFree();
  return areas.every((area) => board.areas[area].getLatLngs().flat(3).every((place) => {
    const point = board.map.latLngToContainerPoint(place);
    return holds(frame, point) && !kept.some((box) => holds(box, point));
  }));
}

function measure() {
  board.map.invalidateSize({ pan: false });
  board.size = board.map.getSize();
}

/* After the map has changed in size. Words that need a line more leave the borough where it is. */
function fitAgain() {
  const { size: before, whole } = board;
  const wider = before.x !== board.map.getContainer().clientWidth;
  if (wider) keepRoom();
  measure();
  if (whole && (wider || Math.abs(before.y - board.size.y) > 2 * EDGE)) showWhole({ animate: false });
  placeLabels();
}
