/* The whole borough as large as it can be, clear of the legend and the buttons that stand on the map. */

const EDGE = 12;
const CORNERS = ["bottom-left", "bottom-right", "top-left"];

/* Which points a box in a corner of the map would hide. */
function hiddenBy(corner, box, size, points) {
  const [right, bottom] = [corner.endsWith("right"), corner.startsWith("bottom")];
  return points.filter(({ x, y }) =>
    (right ? x > size.x - box.width : x < box.width) && (bottom ? y > size.y - box.height : y < box.height)).length;
}

function boxOf(element) {
  const standsOnMap = window.getComputedStyle(element).position === "absolute";
  return standsOnMap ? { width: element.offsetWidth + EDGE + 4, height: element.offsetHeight + EDGE + 4 } : { width: 0, height: 0 };
}

/* All ways to show the borough at a zoom: in the middle, or moved as far as there is room. */
function* placements(zoom, size) {
  const rim = board.rim.map((place) => board.map.project(place, zoom));
  const bounds = L.bounds(rim);
  const middle = bounds.getCenter();
  const spare = size.subtract(bounds.getSize()).divideBy(2).subtract([EDGE, EDGE]);
  const shifts = (room) => (room > 0 ? [0, room, -room] : [0]);
  for (const across of shifts(spare.x)) {
    for (const down of shifts(spare.y)) {
      const centre = middle.subtract([across, down]);
      const corner = centre.subtract(size.divideBy(2));
      yield { centre, zoom, points: rim.map((point) => point.subtract(corner)) };
    }
  }
}

/* The largest of the placements that hides nothing; where all hide something, the one that hides least. */
function bestPlacement() {
  const size = board.map.getSize();
  const legend = boxOf(byId("legend"));
  const buttons = boxOf(document.querySelector(".zoom"));
  const largest = board.map.getBoundsZoom(board.bounds, false, L.point(2 * EDGE, 2 * EDGE));
  let best = null;
  for (const zoom of [largest, largest - 0.25, largest - 0.5, largest - 0.75]) {
    for (const placement of placements(zoom, size)) {
      const behind = hiddenBy("top-right", buttons, size, placement.points);
      for (const corner of CORNERS) {
        const hidden = behind + hiddenBy(corner, legend, size, placement.points);
        if (!best || hidden < best.hidden) best = { ...placement, corner, hidden };
      }
    }
    if (best.hidden === 0) break;
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

/* After the map or its legend has changed in size. */
function fitAgain() {
  board.map.invalidateSize({ pan: false });
  if (board.whole) showWhole({ animate: false });
  placeLabels();
}
