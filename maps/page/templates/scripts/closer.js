/* A closer view of the pockets where they fill little of the borough's frame. */

const LITTLE = 0.02;
const GAIN = 1.5;
const closer = { groups: [], next: 0 };

/* The share of the box around the borough that lies in pockets. */
function filledByPockets() {
  const { bounds } = board;
  const [west, north] = [bounds.getWest(), bounds.getNorth()];
  const across = board.map.distance([north, west], [north, bounds.getEast()]);
  const down = board.map.distance([north, west], [bounds.getSouth(), west]);
  return data.places.pocket.km2.reduce((sum, each) => sum + each, 0) / ((across * down) / 1e6);
}

/* Pockets in groups, each near enough together to be seen at least `GAIN` steps closer than the whole borough. */
function pocketGroups() {
  const wanted = board.map.getBoundsZoom(board.bounds) + GAIN;
  const joined = (one, other) => L.latLngBounds(one.getSouthWest(), one.getNorthEast()).extend(other);
  const groups = [];
  data.places.pocket.codes.forEach((code, place) => {
    const bounds = boundsOf("pocket", place);
    const near = groups.find((group) => board.map.getBoundsZoom(joined(group.bounds, bounds)) >= wanted);
    if (near) Object.assign(near, { bounds: joined(near.bounds, bounds), places: [...near.places, place] });
    else groups.push({ bounds, places: [place] });
  });
  return groups;
}

function setUpCloser() {
  if (!data.places.pocket.codes.length || filledByPockets() >= LITTLE) return;
  byId("zoom-pockets").hidden = false;
  byId("zoom-pockets").addEventListener("click", showPocketsCloser);
  byId("pockets-heading").after(make("button", { type: "button", class: "button closer", onclick: showPocketsCloser }, "Zoom to the pockets"));
}

/* Show the pockets; where they lie far apart, the next group of them at each press. */
function showPocketsCloser() {
  const groups = pocketGroups();
  const { bounds, places } = groups[closer.next % groups.length];
  closer.next = (closer.next + 1) % groups.length;
  fitBeside(bounds.pad(0.2), { maxZoom: 15, ...motion() });
  const { top, bottom } = board.map.getContainer().getBoundingClientRect();
  if (bottom < 80 || top > window.innerHeight - 80) byId("map").scrollIntoView({ block: "start", behavior: "instant" });
  const named = places.map((place) => data.places.pocket.numbers[place]).join(", ");
  say(`${places.length === 1 ? "Pocket" : "Pockets"} ${named}${groups.length > 1 ? `: group ${closer.next || groups.length} of ${groups.length}, press again for the next.` : ": all of them."}`);
}
