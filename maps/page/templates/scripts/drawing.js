/* The map: areas drawn once and recoloured, outlines from the same arcs, and what is selected. */

const THIN = { color: TINT.paper, weight: 0.6 };
const DARK = { color: TINT.quiet, weight: 0.6 };

/* The map before anything is drawn on it: enough to know where the borough will stand. */
function makeBoard(map, geometry) {
  const edge = outline(geometry, () => true);
  const bounds = L.latLngBounds(edge.flat());
  return { map, geometry, edge, bounds, rim: spaced(edge, bounds), neighbours: neighboursOf(geometry) };
}

function drawMap({ map, geometry, edge }) {
  const lines = (latlngs, style) => L.polyline(latlngs, { interactive: false, bubblingMouseEvents: false, ...style });
  const { places } = data;
  const around = L.layerGroup(geometry.surroundings.map((polygons) =>
    L.polygon(polygons, { interactive: false, color: TINT.paper, weight: 1, fillColor: TINT.around, fillOpacity: data.basemap ? 0 : 1 })));
  const areas = geometry.areas.map((polygons, area) =>
    L.polygon(polygons, { ...THIN, className: "area", fillColor: TINT.paper, fillOpacity: data.basemap ? 0.75 : 1, bubblingMouseEvents: false })
      .on("click", () => choose("area", area, { from: fromMap() }))
      .on("mouseover", (event) => hover(area, event))
      .on("mouseout", () => hover(null)));
  const border = lines(edge, { color: TINT.ink, weight: 1 });
  const pockets = places.pocket.codes.map((code, pocket) => rimsOf(geometry, pocket));
  const halo = lines(pockets.flat(2), { color: TINT.paper, weight: 5.5 });
  const rim = (around, pocket, style) =>
    lines(around, { color: TINT.pocket, weight: 2.5, interactive: true, ...style }).on("click", () => choose("pocket", pocket, { from: fromMap() }));
  const rims = [
    ...pockets.map(([firm], pocket) => rim(firm, pocket, { className: "rim" })),
    ...pockets.map(([, broken], pocket) => rim(broken, pocket, { className: "rim broken", dashArray: "8 5", lineCap: "butt" })),
  ];
  const singles = places.area.single.map((place) =>
    lines(outline(geometry, (area) => area === place), { color: TINT.pocket, weight: 1.25, className: "single" }));
  const over = lines([], { color: TINT.ink, weight: 1.5 });
  const chosen = [
    lines([], { color: TINT.ink, weight: 6.5 }),
    lines([], { color: TINT.focus, weight: 3 }),
  ];
  around.addTo(map);
  [...areas, border, ...singles, halo, ...rims, over, ...chosen].forEach((layer) => layer.addTo(map));
  return { areas, chosen, centres: areas.map((layer) => layer.getCenter()) };

  function hover(area, event) {
    pointAt(area, event);
    over.setLatLngs(area === null ? [] : outline(geometry, (other) => other === area));
  }
}

/* What is put on the map to be pressed: the map must not take the click too, since its own selects nothing. */
function control(element, act) {
  L.DomEvent.disableClickPropagation(element);
  element.addEventListener("click", act);
  return element;
}

/* Points along lines, a fortieth of the whole apart. */
function spaced(lines, bounds) {
  const step = Math.max(bounds.getNorth() - bounds.getSouth(), bounds.getEast() - bounds.getWest()) / 40;
  const points = [];
  for (const line of lines) {
    let next = 0;
    for (let place = 1; place < line.length; place += 1) {
      const [[fromNorth, fromEast], [north, east]] = [line[place - 1], line[place]];
      const length = Math.hypot(north - fromNorth, east - fromEast);
      for (; next < length; next += step) {
        const share = next / length;
        points.push([fromNorth + (north - fromNorth) * share, fromEast + (east - fromEast) * share]);
      }
      next -= length;
    }
  }
  return points;
}

/* Give every area the fill of its class; missing and withheld get dark outlines too. */
function paint(view) {
  board.areas.forEach((layer, area) => {
    const entry = view.classes[view.numbers[area]];
    const { color } = PLAIN(entry) ? THIN : DARK;
    Object.assign(layer.options, { fillColor: fillOf(entry), color });
    draw.set(layer.getElement(), { fill: fillOf(entry), stroke: color });
  });
}

const membersOf = {
  area: (place) => (area) => area === place,
  msoa: (place) => (area) => data.places.area.msoa[area] === place,
  pocket: (place) => (area) => data.places.area.pocket[area] === place,
};

const areasOf = (kind, place) =>
  data.places.area.codes.map((code, area) => area).filter(membersOf[kind](place));

function markChosen(found) {
  const lines = found ? outline(board.geometry, membersOf[found[0]](found[1])) : [];
  board.chosen.forEach((layer) => layer.setLatLngs(lines));
}

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const motion = () => ({ animate: !still() });

function boundsOf(kind, place) {
  return areasOf(kind, place).reduce(
    (bounds, area) => bounds.extend(board.areas[area].getBounds()), L.latLngBounds([]));
}

/* Bring a place into sight: close up when it was looked for, otherwise only as far as needed. */
function bringToSight(kind, place, { close }) {
  const bounds = boundsOf(kind, place);
  if (!bounds.isValid()) return;
  if (close) fitBeside(bounds.pad(kind === "area" ? 2.5 : 0.35), { maxZoom: 15, ...motion() });
  else if (!inSight(areasOf(kind, place))) fitBeside(bounds, { maxZoom: board.map.getZoom(), ...motion() });
}
