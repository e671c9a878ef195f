/* The table of boroughs can be sorted by any column. */

const body = document.getElementById("rows");
const heads = [...document.querySelectorAll("#headings th")];
let sorted = { column: 0, down: false };

function valueOf(row, column) {
  const cell = row.children[column];
  if (column === 0) return cell.textContent.trim();
  return cell.dataset.value === "" ? null : Number(cell.dataset.value);
}

function sortBy(column) {
  sorted = { column, down: sorted.column === column ? !sorted.down : column > 0 };
  const sign = sorted.down ? -1 : 1;
  const rows = [...body.children].sort((one, other) => {
    const [a, b] = [valueOf(one, column), valueOf(other, column)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (typeof a === "string" ? a.localeCompare(b, "en-GB") : a - b);
  });
  body.replaceChildren(...rows);
  heads.forEach((head, place) => {
    if (place === column) head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
    head.querySelector(".arrow").textContent = place === column ? (sorted.down ? " ▼" : " ▲") : "";
  });
  const name = heads[column].querySelector(".title").textContent.replace(/\u00ad/g, "");
  document.getElementById("said").textContent = `Sorted by ${name}, ${sorted.down ? "largest" : "smallest"} first.`;
}

heads.forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => sortBy(column));
});
