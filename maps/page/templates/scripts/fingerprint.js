/* What a pocket is made of: England's percentile on every domain, the most deprived first. */

function madeOf(place) {
  const { said, domains } = data.made_of.pockets[place];
  const rows = domains.map(({ name, at, value, ends }) => make("tr", {},
    make("th", { scope: "row" }, name),
    make("td", { class: "number" }, value),
    make("td", { class: "number quiet" }, ends),
    make("td", { class: "made-bar" }, percentileBar(...at))));
  return make("section", { class: "made" },
    make("h3", {}, "What it is made of"),
    make("p", {}, said),
    make("table", {},
      make("caption", { class: "unseen" }, `${capital(possessive(data.borough.whole))} percentile on every domain, 100 the most deprived`),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Domain"), make("th", { scope: "col", class: "number" }, "Mean"),
        make("th", { scope: "col", class: "number" }, "Small areas"), make("td", {}))),
      make("tbody", {}, ...rows)),
    make("details", {}, make("summary", {}, "How to read this"), make("p", { class: "quiet" }, data.made_of.key), make("p", { class: "quiet" }, data.made_of.how)));
}

function percentileBar(mean, lowest, highest) {
  const line = (at) => draw("rect", { x: Math.min(Math.max(at - 0.75, 0), 98.5), y: 2, width: 1.5, height: 8, fill: TINT.ink });
  return draw("svg", { class: "bar", viewBox: "0 0 100 12", preserveAspectRatio: "none", "aria-hidden": "true" },
    draw("rect", { x: 0, y: 2, width: 100, height: 8, fill: TINT.around }),
    draw("rect", { x: 0, y: 2, width: mean, height: 8, fill: TINT.middle }),
    draw("rect", { x: lowest, y: 5.4, width: Math.max(highest - lowest, 0.5), height: 1.2, fill: TINT.ink }),
    line(lowest), line(highest));
}
