/* How sure the pockets are: core, edge and doubtful small areas, and what is said of each pocket. */

const CORE = 0;
const hangsOnChoices = (number) => number !== CORE && number < data.sure.classes.length - 1;

function sureView() {
  const { numbers: digits, classes: known, shares } = data.sure;
  const numbers = Array.from(digits, Number);
  const classes = withCounts(known, numbers);
  const inside = numbers.filter((number) => number < known.length - 1).length;
  return {
    id: "sure", layer: null, frame: "england", numbers, classes, sure: true,
    fixed: `How sure the pockets are is counted over ${data.borough.whole}, whatever is compared.`,
    values: shares, column: "Share of ways of counting in which it lies in its pocket, %",
    name: "How sure the pockets are",
    title: "Does it come back with its pocket?",
    question: "Which small areas are firmly in their pocket?",
    caption: inside
      ? `${numeral(classes[CORE].count)} of ${counted(inside, "small area")} in pockets are core: they come back with their pocket in at least nine of ten reasonable ways of counting.`
      : `${data.borough.name} has no pocket.`,
  };
}

/* The outline of a pocket in two parts: firm around its core, broken where an area hangs on choices. */
function rimsOf(geometry, pocket) {
  const inside = (area) => data.places.area.pocket[area] === pocket;
  const unsure = (area) => inside(area) && data.sure.drawn && hangsOnChoices(Number(data.sure.numbers[area]));
  const broken = geometry.arcs.map((arc, number) => geometry.owners[number].some(unsure));
  return [false, true].map((part) =>
    geometry.arcs.filter((arc, number) => geometry.owners[number].filter(inside).length === 1 && broken[number] === part));
}
