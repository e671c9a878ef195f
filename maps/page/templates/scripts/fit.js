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
  const [buttons, legend] = [boxOf(document.querySelector(".zoom")), boxOf(byId("legend"))];
  return (corner, points) => hiddenBy("top-right", buttons, size, points) + hiddenBy(corner, legend, size, points);
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

/* A larger legend may hide part of the borough: then, and only then, the map moves. */
function makeRoomForLegend() {
  const points = board.rim.map((place) => board.map.latLngToContainerPoint(place));
  const hidden = hiding(board.map.getSize())(byId("legend").dataset.corner, points);
  if (board.whole && hidden) showWhole({ animate: false });
  placeLabels();
}

/* After the map has changed in size. */
function fitAgain() {
  board.map.invalidateSize({ pan: false });
  if (board.whole) showWhole({ animate: false });
  placeLabels();
}
