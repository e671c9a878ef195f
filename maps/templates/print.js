/* On paper the map fills the width of an A4 page: its size is set, and the borough fitted, beforehand. */

function setUpPrint() {
  let seen = null;
  const prepare = () => {
    if (seen) return;
    seen = { centre: board.map.getCenter(), zoom: board.map.getZoom(), whole: board.whole };
    document.body.classList.add("printing");
    board.map.invalidateSize({ animate: false, pan: false });
    board.map.fitBounds(board.bounds, { padding: [8, 8], animate: false });
    placeLabels();
  };
  const restore = () => {
    if (!seen) return;
    document.body.classList.remove("printing");
    board.map.invalidateSize({ animate: false, pan: false });
    board.map.setView(seen.centre, seen.zoom, { animate: false });
    board.whole = seen.whole;
    keepPosition();
    seen = null;
  };
  window.addEventListener("beforeprint", prepare);
  window.addEventListener("afterprint", restore);
}
