/* What is seen, as a file: plain CSV that no spreadsheet takes for a formula. */

const neutral = (value) => (typeof value === "string" && /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value);

function cell(value) {
  if (value === null || value === undefined) return "";
  const text = String(neutral(value));
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

const csv = (rows) => `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;

/* A value with the decimals that are shown; the fifth where no value is. */
function valueColumn(layer) {
  if (!layer.area.value) return [`${layer.id}_fifth_england`, (area) => fifthOf(layer, "area", "england", area) || null];
  const named = layer.share_of ? `${layer.id}_pct` : layer.id;
  const shown = (value) => (value === null ? null : plain(value, layer.decimals));
  return [named, (area) => shown(layer.area.value[area])];
}

function columnsOf(layer) {
  const columns = layer.area.value ? [valueColumn(layer)] : [];
  if (layer.area.marks) columns.push([`${layer.id}_estimated`, (area) => Boolean(markOf(layer, "area", area))]);
  if (layer.area.lower) columns.push([`${layer.id}_lower`, (area) => layer.area.lower[area]], [`${layer.id}_upper`, (area) => layer.area.upper[area]]);
  for (const frame of ["england", "borough"]) {
    if (layer.ranks) columns.push([`${layer.id}_rank_${frame}`, (area) => rankOf(layer, "area", frame, area)]);
    columns.push([`${layer.id}_fifth_${frame}`, (area) => fifthOf(layer, "area", frame, area) || null]);
  }
  return columns;
}

/* The table that is seen, in its order: who each small area is, the layers that the view is made of,
   its class, and the other layers. What the view rests on stands once, in the first row. */
function tableOf(view, state) {
  const { area, msoa, pocket } = data.places;
  const layers = view.past || view.sure ? [layerOf(data.borough.overall)] : view.layer ? [view.layer] : view.pair || data.overlap.members.flatMap((member) => member.layers).map(layerOf);
  const others = data.layers.filter((layer) => !layers.includes(layer));
  const origins = [...new Set([...layers, ...others].map(originOf))].join(" ");
  const order = table.order ? table.order.map((entry) => entry.area) : [...area.codes.keys()];
  const columns = [
    ["area_code", (place) => area.codes[place]],
    ["area_name", (place) => area.names[place]],
    ["part_of", (place) => msoa.names[area.msoa[place]]],
    ["pocket_number", (place) => pocket.numbers[area.pocket[place]]],
    ["pocket", (place) => pocket.names[area.pocket[place]]],
    ["pocket_id", (place) => pocket.codes[area.pocket[place]]],
    [`population_${data.borough.year}`, (place) => area.people[place]],
    ...layers.flatMap(columnsOf),
    ...(view.counts ? [["layers_among_worst", (place) => view.counts[place]], ["layers_known", (place) => view.known[place]]] : []),
    ...(view.past ? [...data.past.years.map((year) => [`decile_${year}`, (place) => data.past.deciles[year][place]]),
      ["editions_in_most_deprived_tenth", (place) => data.past.times[place]],
      [`${data.borough.overall}_lasting_estimated`, (place) => data.past.estimated.includes(place)]] : []),
    ...(view.sure ? [["share_of_ways_in_its_pocket_pct", (place) => data.sure.shares[place]]] : []),
    [`class_${view.frame === "england" ? data.borough.whole : data.borough.name}`, (place) => view.classes[view.numbers[place]].label],
    ...(view.counts ? [["cut_offs", () => data.overlap.members.map((member, place) => `${member.title}: ${cutWords(state.cuts[place], state.frame)}`).join("; ")]] : []),
    ...others.map(valueColumn),
    ["periods_and_sources", (place) => (place === order[0] ? origins : "")],
  ];
  return [columns.map(([name]) => name), ...order.map((place) => columns.map(([, value]) => value(place)))];
}

function download() {
  const view = viewOf(current);
  const blob = new Blob([csv(tableOf(view, current))], { type: "text/csv;charset=utf-8" });
  const address = URL.createObjectURL(blob);
  const name = data.borough.name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "borough";
  const anchor = make("a", { href: address, download: `${name}-${view.id}-${view.frame}.csv` });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), 1000);
  say(`A table of ${counted(data.places.area.codes.length, "small area")} was handed to your browser to save.`);
}
