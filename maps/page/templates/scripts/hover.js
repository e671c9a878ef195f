/* A label beside the pointer, or beside the area that the keys have reached: name, class and value.
   It can be pointed at without going away, Escape puts it away, and a press on it is one on its area (WCAG 1.4.13). */

const LABEL_WAIT = { show: 120, hide: 250 };
const pointed = { timer: 0, area: null, keys: null };

const canHover = () => window.matchMedia("(hover: hover)").matches;

function setUpLabel() {
  const element = byId("map-label");
  element.addEventListener("mouseenter", () => window.clearTimeout(pointed.timer));
  element.addEventListener("mouseleave", () => wait(LABEL_WAIT.hide, hideLabel));
  element.addEventListener("click", () => choose("area", pointed.area, { from: fromMap() }));
  board.map.on("movestart zoomstart", hideLabel);
  board.map.on("moveend", () => { if (pointed.keys !== null) pointWithKeys(pointed.keys); });
  board.map.getContainer().addEventListener("blur", () => { pointed.keys = null; hideLabel(); });
}

function wait(time, act) {
  window.clearTimeout(pointed.timer);
  pointed.timer = window.setTimeout(act, time);
}

/* The pointer is on an area, or has left it. */
function pointAt(area, event) {
  if (!canHover()) return;
  if (area === null) wait(LABEL_WAIT.hide, hideLabel);
  else wait(LABEL_WAIT.show, () => showLabel(area, board.map.mouseEventToContainerPoint(event.originalEvent)));
}

/* The keys have reached an area. */
function pointWithKeys(area) {
  pointed.keys = area;
  window.clearTimeout(pointed.timer);
  showLabel(area, board.map.latLngToContainerPoint(board.centres[area]));
}

function showLabel(area, at) {
  const element = byId("map-label");
  const entry = view.classes[view.numbers[area]];
  pointed.area = area;
  element.replaceChildren(
    make("strong", {}, data.places.area.names[area]),
    make("span", { class: "sheet-class" }, swatch(entry), ` ${entry.label}`),
    view.layer && valueOf(view.layer, "area", area) !== null ? make("span", {}, `${view.layer.short}: ${valueWords(view.layer, "area", area)}`) : "");
  element.hidden = false;
  const size = board.map.getSize();
  const { offsetWidth: width, offsetHeight: height } = element;
  const above = at.y - height - 14;
  element.style.left = `${Math.max(4, Math.min(at.x - width / 2, size.x - width - 4))}px`;
  element.style.top = `${above >= 4 ? above : Math.min(at.y + 18, size.y - height - 4)}px`;
}

function hideLabel() {
  window.clearTimeout(pointed.timer);
  byId("map-label").hidden = true;
}
