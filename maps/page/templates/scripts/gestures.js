/* The map lets the page scroll: one finger and the wheel move the page, two fingers and the wheel with Ctrl move the map.
   What the map would take by itself is kept from it before it hears of it; the rest is Leaflet's own. */

const HINT_MS = 1600;
const FAR = 12;
const gesture = { timer: 0, start: null };

function hint(text) {
  const element = byId("map-hint");
  element.textContent = text;
  element.hidden = false;
  window.clearTimeout(gesture.timer);
  gesture.timer = window.setTimeout(() => { element.hidden = true; }, HINT_MS);
}

function setUpGestures() {
  const box = board.map.getContainer();
  const early = { capture: true, passive: true };
  box.addEventListener("touchstart", (event) => {
    gesture.start = event.touches.length === 1 ? event.touches[0] : null;
    if (gesture.start) event.stopPropagation();
    else byId("map-hint").hidden = true;
  }, early);
  box.addEventListener("touchmove", ({ touches }) => {
    if (!gesture.start || touches.length > 1) return;
    const moved = Math.hypot(touches[0].clientX - gesture.start.clientX, touches[0].clientY - gesture.start.clientY);
    if (moved > FAR) hint("Two fingers move the map");
  }, early);
  box.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.stopPropagation();
    hint("Hold Ctrl (or ⌘) and turn the wheel to zoom the map");
  }, early);
}
