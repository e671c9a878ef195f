/* The overlap: how many layers are among the worst at once, with cut-offs that the reader sets. */

function setUpOverlap() {
  const sliders = data.overlap.members.map((member, place) => {
    const id = `cut-${place}`;
    const output = make("output", { for: id, id: `${id}-words` });
    const input = make("input", { type: "range", id, min: 0, max: member.cuts.length - 1, step: 1, value: 0,
      oninput: () => change({ cuts: current.cuts.map((cut, other) => (other === place ? member.cuts[input.value] : cut)) }, { quiet: true }) });
    return make("div", { class: "slider" }, make("label", { for: id }, member.title), output, input);
  });
  byId("cuts").replaceChildren(...sliders);
}

const cutWords = (cut, frame) => (cut ? `worst ${cut}% of ${frameName(frame)}` : "left out");
const shortCut = (cut) => (cut ? `worst ${cut}%` : "left out");

function showOverlap(view, state) {
  byId("overlap").hidden = state.layer !== "overlap";
  data.overlap.members.forEach((member, place) => {
    const words = cutWords(state.cuts[place], state.frame);
    byId(`cut-${place}`).value = member.cuts.indexOf(state.cuts[place]);
    byId(`cut-${place}`).setAttribute("aria-valuetext", words);
    byId(`cut-${place}-words`).textContent = shortCut(state.cuts[place]);
  });
  if (state.layer !== "overlap") return;
  byId("overlap-of").textContent = frameName(state.frame);
  byId("chance").replaceChildren(...[...data.overlap.chance[state.frame], data.overlap.shared].map((sentence) => make("p", { class: "quiet" }, sentence)));
  byId("overlap-unknown").textContent = notKnown(view);
  byId("overlap-unknown").hidden = !notKnown(view);
  byId("overlap-counts").replaceChildren(...data.overlap.members.map((member, number) => {
    const least = data.overlap.members.length - number;
    const [areas, living] = atLeast(view, least);
    const label = number ? `On ${least} or more` : `On all ${least}`;
    return make("tr", {}, make("th", { scope: "row" }, label), make("td", {}, numeral(areas)), make("td", {}, numeral(living)));
  }));
}

/* Say of how many areas some layer is not known, so that the counts are the fewest there can be. */
function notKnown(view) {
  const areas = view.known.filter((known) => known < data.overlap.members.length).length;
  if (!areas) return "";
  const [one, they] = areas === 1 ? ["lacks", "it counts"] : ["lack", "they count"];
  return `${counted(areas, "small area")} ${one} a value on some layer: ${they} for the layers that are known, ` +
    "and may be among the worst on more.";
}

function atLeast(view, least) {
  const areas = view.counts.map((count, area) => [count, area]).filter(([count]) => count !== null && count >= least);
  return [areas.length, areas.reduce((sum, [, area]) => sum + data.places.area.people[area], 0)];
}

function setUpPair() {
  ["first", "second"].forEach((which, place) => {
    const select = byId(`pair-${which}`);
    select.replaceChildren(...data.layers.map((layer) => make("option", { value: layer.id }, layer.short)));
    select.addEventListener("change", () =>
      change({ pair: current.pair.map((id, other) => (other === place ? select.value : id)) }));
  });
}

function showPair(state) {
  byId("pair").hidden = state.layer !== "pair";
  byId("pair-first").value = state.pair[0];
  byId("pair-second").value = state.pair[1];
}
