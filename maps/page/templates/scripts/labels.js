/* Names and numbers on the map, placed so that none covers another. */

const LINE = 18;

const overlaps = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

const holds = (box, { x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom;

const boxAt = (point, width, height) => ({
  left: point.x - width / 2, right: point.x + width / 2, top: point.y - height / 2, bottom: point.y + height / 2,
});

/* Where a badge may go when its own place is taken: eight directions, two distances. */
const NUDGES = [[0, 0], ...[26, 44].flatMap((far) =>
  [[1, 0], [-1, 0], [0, 1], [0, -1], [0.7, 0.7], [-0.7, 0.7], [0.7, -0.7], [-0.7, -0.7]]
    .map(([across, down]) => [across * far, down * far]))];

function makeLabels() {
  const pane = board.map.createPane("names");
  pane.classList.add("names", "leaflet-zoom-hide");
  const { pocket, msoa } = data.places;
  const sheet = pane.appendChild(draw("svg", { class: "sheet", width: 1, height: 1 }));
  const label = (text, kind) => {
    const element = sheet.appendChild(draw("text", { class: `name ${kind}`, "text-anchor": "middle" }, text));
    return { element, text, width: element.getComputedTextLength() };
  };
  const badges = pocket.codes.map((code, place) => ({
    element: pane.appendChild(control(make("span", { class: "badge" }, String(pocket.numbers[place])), () => choose("pocket", place, { from: fromMap() }))),
    point: pocket.points[place],
  }));
  const names = msoa.names.map((text, place) => ({
    ...label(text, "inside"), point: msoa.points[place], bounds: boundsOf("msoa", place),
  }));
  const districts = data.surroundings.names.map((text, place) => ({
    ...label(text, "district"), points: data.surroundings.points[place],
  }));
  const leaders = sheet.appendChild(draw("g"));
  board.labels = { badges, names, districts, leaders };
  board.map.on("moveend zoomend viewreset resize", placeLabels);
}

function placeLabels() {
  const { map, labels } = board;
  const taken = [];
  const size = map.getSize();
  const offset = map.containerPointToLayerPoint([0, 0]);
  const frame = { left: 0, top: 0, right: size.x, bottom: size.y };
  const inside = (box) => box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
  const put = (entry, box) => {
    const centre = offset.add([(box.left + box.right) / 2, (box.top + box.bottom) / 2]).round();
    if (entry.text) draw.set(entry.element, { x: centre.x, y: centre.y + 5 });
    else entry.element.style.transform = `translate(${centre.x}px, ${centre.y}px) translate(-50%, -50%)`;
    taken.push(box);
  };
  const free = (box) => !taken.some((other) => overlaps(box, other));

  taken.push(...keptFree());
  labels.leaders.replaceChildren();
  for (const entry of labels.badges) {
    const at = map.latLngToContainerPoint(entry.point);
    const boxes = NUDGES.map(([across, down]) => boxAt(at.add([across, down]), 26, 26));
    const box = boxes.find(free) || boxes[0];
    put(entry, box);
    if (box !== boxes[0]) labels.leaders.append(leader(offset.add(at), offset.add([(box.left + box.right) / 2, (box.top + box.bottom) / 2])));
  }
  const rim = board.rim.map((place) => map.latLngToContainerPoint(place));
  for (const entry of [...labels.names, ...labels.districts]) {
    const boxes = placesFor(entry).map((point) => boxAt(map.latLngToContainerPoint(point), entry.width, LINE)).filter(inside);
    const clear = (box) => free(box) && !(entry.points && rim.some((point) => holds(box, point)));
    const box = roomFor(entry) ? middleFirst(boxes).find(clear) : null;
    entry.element.toggleAttribute("hidden", !box);
    if (box) put(entry, box);
  }
}

const placesFor = (entry) => entry.points || [entry.point];

/* Of the places that are in sight, the one in their middle first. */
function middleFirst(boxes) {
  const mean = (side) => boxes.reduce((sum, box) => sum + box[side], 0) / boxes.length;
  const [left, top] = [mean("left"), mean("top")];
  const far = (box) => Math.hypot(box.left - left, box.top - top);
  return boxes.sort((one, other) => far(one) - far(other));
}

/* A badge that had to move away is tied to its place by a line. */
const leader = (from, to) => draw("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke: TINT.pocket, "stroke-width": 1.5 });

/* The name of a neighbourhood is shown where it is about as wide as its ground, at any zoom. */
function roomFor(entry) {
  if (!entry.bounds) return true;
  const { map } = board;
  const across = map.latLngToContainerPoint(entry.bounds.getNorthEast()).x - map.latLngToContainerPoint(entry.bounds.getSouthWest()).x;
  return across * 1.1 >= entry.width;
}
