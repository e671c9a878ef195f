/* The table: what the map shows, in rows that can be sorted; a row and its area select each other. */

const table = { rows: [], sort: { column: 5, down: false } };

const numeric = (value) => ({ value, text: value === null || value === undefined ? "–" : numeral(value) });
const worded = (text) => ({ value: text, text: text || "–" });

const valueHeading = (layer) => (layer.area.value ? layer.short : `${layer.short}, fifth of ${data.borough.whole}`);

/* The first columns say which place it is, the next four follow the view, the rest hold every layer. */
function headings(view) {
  const layer = view.layer;
  return [
    ["Small area", "text"], ["Part of", "text"], ["Pocket", "number"], [`People, ${data.borough.year}`, "number"],
    [layer ? valueHeading(layer) : view.values ? view.column : view.counts ? "Layers among the worst" : "Both layers", "number"],
    [`Rank in ${data.borough.whole}`, "number"], [`Rank in ${data.borough.called}`, "number"], [`Class (${frameName(view.frame)})`, "text"],
    ...data.layers.map((other) => [valueHeading(other), "number"]),
  ];
}

function rankCell(view, frame, area) {
  const { layer } = view;
  if (!layer) return numeric(null);
  const rank = rankOf(layer, "area", frame, area);
  if (rank !== null) return numeric(rank);
  const fifth = layer.ranks ? 0 : fifthOf(layer, "area", frame, area);
  return fifth ? { value: fifth, text: layer.fifths[fifth - 1] } : numeric(null);
}

function valueCell(layer, area) {
  const value = layer.area.value ? valueOf(layer, "area", area) : fifthOf(layer, "area", "england", area) || null;
  const mark = markOf(layer, "area", area) ? ` ${data.words.estimated}` : "";
  return { value, text: valueWords(layer, "area", area) + mark };
}

/* "at least 2" where not every layer is known. */
function countCell(view, area) {
  const cell = numeric(view.counts[area]);
  return cell.value === null || view.known[area] === data.overlap.members.length ? cell : { ...cell, text: `at least ${cell.text}` };
}

function viewCells(view, area) {
  const number = view.numbers[area];
  const first = view.layer ? valueCell(view.layer, area) : view.values ? numeric(view.values[area]) : view.counts ? countCell(view, area) : numeric(null);
  return [first, rankCell(view, "england", area), rankCell(view, "borough", area), { value: number, text: view.classes[number].label }];
}

function setUpTable(view) {
  const { area, msoa, pocket } = data.places;
  table.rows = area.codes.map((code, place) => {
    const own = [worded(area.names[place]), worded(msoa.names[area.msoa[place]]), numeric(pocket.numbers[area.pocket[place]] ?? null), numeric(area.people[place])];
    const button = make("button", { type: "button", class: "as-link", tabindex: "-1", onclick: (event) => choose("area", place, pressed(event, fromTable(button))) }, own[0].text);
    const pinning = pinButton("area", place, "plain pin");
    pinning.tabIndex = -1;
    const tds = [...own.slice(1), ...Array(4).fill(worded("")), ...data.layers.map((layer) => valueCell(layer, place))]
      .map((entry, column) => make("td", { class: column === 0 || column === 6 ? null : "number" }, entry.text));
    const row = make("tr", {}, make("th", { scope: "row" }, button, pinning), ...tds);
    return { area: place, row, button, pinning, own, tds, layers: data.layers.map((layer) => valueCell(layer, place)), cells: [] };
  });
  byId("rows").addEventListener("keydown", moveInTable);
  refreshTable(view);
}

function refreshTable(view) {
  for (const entry of table.rows) {
    const now = viewCells(view, entry.area);
    entry.cells = [...entry.own, ...now, ...entry.layers];
    now.forEach((value, column) => {
      const td = entry.tds[3 + column];
      if (td.textContent !== value.text) td.textContent = value.text;
    });
  }
  const key = data.layers.some((layer) => layer.area.marks) ? `. ${data.words.estimated_key}` : "";
  byId("table-caption").textContent = `${view.name}, compared with ${frameName(view.frame)}${key}`;
  sortTable(view);
}

function sortTable(view) {
  const { column, down } = table.sort;
  const sign = down ? -1 : 1;
  const missing = (value) => value === null || value === undefined || value === "";
  const ordered = [...table.rows].sort((one, other) => {
    const [a, b] = [one.cells[column].value, other.cells[column].value];
    if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b)) || one.area - other.area;
    const order = typeof a === "string" ? a.localeCompare(b, "en-GB", { numeric: true }) : a - b;
    return sign * order || one.area - other.area;
  });
  if (!table.order || ordered.some((entry, place) => entry !== table.order[place])) {
    byId("rows").replaceChildren(...ordered.map((entry) => entry.row));
  }
  table.order = ordered;
  byId("headings").replaceChildren(...headings(view).map(([text, kind], place) =>
    make("th", { scope: "col", class: kind === "number" ? "number" : null, "aria-sort": place === column ? (down ? "descending" : "ascending") : null },
      make("button", { type: "button", onclick: () => sortBy(place, view) }, text,
        make("span", { class: "arrow", "aria-hidden": "true" }, place === column ? (down ? " ▼" : " ▲") : "")))));
  setTabStop(table.order[0]);
}

function sortBy(column, view) {
  table.sort = { column, down: table.sort.column === column ? !table.sort.down : false };
  sortTable(viewOf(current));
  byId("headings").children[column].firstChild.focus();
  say(`Sorted by ${headings(view)[column][0]}, ${table.sort.down ? "largest" : "smallest"} first.`);
}

/* The rows have one place in the order of tabs, a name and what compares it; the arrow keys move between them. */
function setTabStop(entry) {
  const set = (each, index) => [each.button, each.pinning].forEach((button) => { button.tabIndex = index; });
  if (table.stop) set(table.stop, -1);
  table.stop = entry;
  if (entry) set(entry, 0);
}

function moveInTable(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
  if (!(event.key in steps)) return;
  event.preventDefault();
  const at = table.order.indexOf(table.stop) + steps[event.key];
  setTabStop(table.order[Math.max(0, Math.min(table.order.length - 1, at))]);
  table.stop.button.focus();
}

function markRow(found) {
  const area = found && found[0] === "area" ? found[1] : null;
  for (const entry of table.rows) {
    const chosen = entry.area === area;
    entry.row.classList.toggle("chosen", chosen);
    if (chosen) entry.button.setAttribute("aria-current", "true");
    else entry.button.removeAttribute("aria-current");
    if (chosen) setTabStop(entry);
  }
}
