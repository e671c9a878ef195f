/* The sheet: what was chosen is answered at the foot of the window wherever the panel is out of sight,
   where the finger or the focus is; it leads to the details and, from there, back. */

const answered = { from: null, words: "", y: 0 };

const sheetIsOpen = () => !byId("sheet").hidden;

/* Whether the panel's heading can be seen from where the choice was made. */
function panelInSight() {
  const { top, bottom } = byId("selection-heading").getBoundingClientRect();
  return top >= 0 && bottom <= window.innerHeight;
}

/* Answer a choice that was made by pressing something: what was pressed stays in sight, above the sheet. */
function answer(kind, place, { from, keyed }) {
  byId("way-back").hidden = true;
  if (panelInSight()) return closeSheet();
  const [element, words] = from;
  Object.assign(answered, { from: element, words });
  byId("sheet").hidden = false;
  fillSheet(kind, place);
  keepAbove(element);
  if (keyed) byId("sheet-heading").focus({ preventScroll: true });
}

function fillSheet(kind, place) {
  const { numbers } = data.places.pocket;
  const entry = kind === "area" ? view.classes[view.numbers[place]] : null;
  const mapInSight = answered.from === board.map.getContainer();
  byId("sheet").replaceChildren(
    make("div", { class: "panel-head" },
      make("h2", { id: "sheet-heading", tabindex: "-1" }, kind === "pocket" ? badge(numbers[place]) : null, `${kind === "pocket" ? " " : ""}${data.places[kind].names[place]}`),
      make("button", { type: "button", class: "plain", onclick: () => closeSheet() }, "Close")),
    entry ? make("p", { class: "sheet-class" }, swatch(entry), ` ${entry.label}`) : make("p", {}, sizeWords(kind, place)),
    make("p", { class: "quiet" }, view.layer ? standingWords(kind, place) : pocketWords(kind, place)),
    make("div", { class: "sheet-ways" },
      make("button", { type: "button", class: "button", onclick: showDetails }, "Details"),
      mapInSight ? null : make("button", { type: "button", class: "button", onclick: showOnMap }, "On the map"),
      pinButton(kind, place, "button pin")));
}

const sizeWords = (kind, place) =>
  `${counted(areasOf(kind, place).length, "small area")} · ${people(data.places[kind].people[place])}`;

/* "Fuel poverty: 17.1%, 2nd fifth in England". */
function standingWords(kind, place) {
  const rank = rankWords(view.layer, kind, view.frame, place);
  return `${view.layer.short}: ${valueWords(view.layer, kind, place)}${rank ? `, ${rank} in ${frameName(view.frame)}` : ""}`;
}

/* Scroll the page as far as the sheet would lie on what was pressed. */
function keepAbove(element) {
  const top = byId("sheet").getBoundingClientRect().top;
  const { bottom, height } = element.getBoundingClientRect();
  if (bottom > top && height < top) window.scrollBy({ top: bottom - top + 8, behavior: still() ? "auto" : "smooth" });
}

function closeSheet() {
  if (!sheetIsOpen()) return;
  const within = byId("sheet").contains(document.activeElement);
  byId("sheet").hidden = true;
  if (within) answered.from.focus({ preventScroll: true });
}

function leaveFor(element, target) {
  answered.y = window.scrollY;
  byId("sheet").hidden = true;
  const back = byId("way-back");
  back.textContent = answered.words;
  back.hidden = false;
  element.scrollIntoView({ block: "start", behavior: "instant" });
  target.focus({ preventScroll: true });
}

const showDetails = () => leaveFor(byId("way-back").parentElement, byId("selection-heading"));
const showOnMap = () => leaveFor(byId("map"), board.map.getContainer());

/* Where a choice was made, for `answer`, and how the way back to it is called. */
const fromMap = () => [board.map.getContainer(), "Back to the map"];
const fromList = (button) => [button, "Back to the list"];
const pressed = (event, from) => ({ from, keyed: event.detail === 0 });
const fromTable = (button) => [button, "Back to the table"];

/* Back from the details to where the reader was. */
function goBack() {
  byId("way-back").hidden = true;
  window.scrollTo({ top: answered.y, behavior: "instant" });
  if (answered.from) answered.from.focus({ preventScroll: true });
}

/* The sheet shows what is selected and how it stands in the view, whoever changes them. */
function refreshSheet(found) {
  if (!found) byId("way-back").hidden = true;
  if (!sheetIsOpen()) return;
  if (found) fillSheet(...found);
  else closeSheet();
}

function setUpSheet() {
  byId("way-back").addEventListener("click", goBack);
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || listIsOpen()) return;
    hideLabel();
    closeSheet();
  }, true);
}
