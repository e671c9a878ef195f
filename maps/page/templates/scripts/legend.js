/* The legend: the classes of the view, with the fill of the map and the count of areas in each. */

function showLegend(view) {
  byId("legend").replaceChildren(
    make("p", { class: "legend-title" }, view.title),
    view.pair ? "" : make("p", { class: "legend-name" }, view.layer ? view.layer.short : view.name),
    view.pair ? pairLegend(view) : classLegend(view),
  );
  byId("caption").textContent = view.caption;
  byId("map-words").textContent = describe(view);
}

function classLegend(view) {
  const shown = view.classes.filter((entry) => PLAIN(entry) || entry.count);
  const items = shown.map((entry) =>
    make("li", {},
      swatch(entry),
      make("span", { class: "legend-label" }, entry.label),
      make("span", { class: "legend-count" }, numeral(entry.count), make("span", { class: "unseen" }, entry.count === 1 ? " small area" : " small areas"))));
  return make("ul", { class: "classes" }, ...items);
}

/* Nine cells, worst on both at the top left, each with its count: the first layer down, the second across. */
function pairLegend(view) {
  const words = data.pair.words;
  const [down, across] = view.pair.map((layer) => layer.short);
  const inside = (entry) => {
    const td = make("td", {}, numeral(entry.count));
    td.style.backgroundColor = entry.colour;
    td.style.color = entry.ink;
    return td;
  };
  const heads = words.map((word) => make("th", { scope: "col" }, make("span", { class: "unseen" }, `${across}: `), word));
  const rows = words.map((word, row) =>
    make("tr", {}, make("th", { scope: "row" }, make("span", { class: "unseen" }, `${down}: `), word),
      ...view.classes.slice(3 * row, 3 * row + 3).map(inside)));
  const missing = view.classes.slice(9).filter((entry) => entry.count)
    .map((entry) => make("p", { class: "pair-missing" }, swatch(entry), ` ${entry.label} ${numeral(entry.count)}`));
  return make("div", {},
    make("table", { class: "pair" },
      make("caption", {}, `↓ ${down}`, make("br"), `→ ${across}`),
      make("thead", {}, make("tr", {}, make("td"), ...heads)),
      make("tbody", {}, ...rows)),
    ...missing);
}
