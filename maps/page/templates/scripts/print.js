/* On paper the map fills the width of an A4 page: its size is set, and the borough fitted, beforehand.
   What is folded is opened, and the address and the day stand under the title. */

function setUpPrint() {
  let seen = null;
  const prepare = () => {
    if (seen) return;
    const folded = [...byId("selection").querySelectorAll("details:not([open])")];
    seen = { centre: board.map.getCenter(), zoom: board.map.getZoom(), whole: board.whole, folded };
    folded.forEach((each) => { each.open = true; });
    byId("printed").textContent = printedLine();
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
    seen.folded.forEach((each) => { each.open = false; });
    keepPosition();
    seen = null;
  };
  window.addEventListener("beforeprint", prepare);
  window.addEventListener("afterprint", restore);
}

/* What is shown, of which edition, when it was printed, and where it is found again. */
function printedLine() {
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date());
  const { protocol, pathname, hash, href } = window.location;
  const address = protocol === "file:" ? decodeURI(pathname).split("/").slice(-2).join("/") + hash : href;
  return `${view.name}, compared with ${frameName(view.frame)}. ${data.borough.edition}. Printed on ${day} from ${address}`;
}
