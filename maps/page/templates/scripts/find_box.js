/* The box of the search: a combobox with a list that lies over the page (ARIA's pattern, list autocomplete). */

const MOST = 8;

const findBox = { found: [], active: -1 };

function setUpFind() {
  const input = byId("find-text");
  input.addEventListener("input", suggest);
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing) return;
    if (FIND_KEYS[event.key] && FIND_KEYS[event.key]()) event.preventDefault();
  });
  byId("find").addEventListener("focusout", (event) => {
    if (!byId("find").contains(event.relatedTarget)) closeList();
  });
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    findNow();
  });
}

/* What a key does in the box; true where the box has no use for it of its own. */
const FIND_KEYS = {
  ArrowDown: () => (listIsOpen() || openList()) && activate(findBox.active + 1),
  ArrowUp: () => (listIsOpen() || openList()) && activate(findBox.active < 0 ? -1 : findBox.active - 1),
  Home: () => findBox.active >= 0 && activate(0),
  End: () => findBox.active >= 0 && activate(-1),
  Escape() {
    if (listIsOpen()) closeList();
    else byId("find-text").value = "";
    byId("find-message").textContent = "";
    return true;
  },
};

const listIsOpen = () => !byId("found").hidden;

/* Answer while somebody types: the list, and how long it is. */
function suggest() {
  const { value } = byId("find-text");
  openList();
  byId("find-message").textContent = value.trim().length > 2 && findBox.found.length ? countOfMatches() : "";
}

function countOfMatches() {
  const { length } = findBox.found;
  return counted(length, "match", "matches") + (length > MOST ? `, the first ${MOST} listed` : "");
}

/* Take what is active in the list, or the one match there is; of several, let the reader choose. */
function findNow() {
  const { value } = byId("find-text");
  const active = findBox.found[findBox.active];
  if (active) return pick(active);
  const only = onlyMatch(matches(value));
  if (only) return pick(only);
  if (openList()) {
    byId("find-message").textContent = `${countOfMatches()}. Choose one of them.`;
    return byId("find-text").focus();
  }
  const code = value.trim().toUpperCase();
  const former = formerArea(code) ? code : "";
  if (code && (current.place || current.former !== former)) change({ place: "", former });
  if (former) return byId("find-message").replaceChildren(...formerArea(former));
  byId("find-message").textContent = value.trim() ? nothingFound(value) : "Type a postcode or a name.";
}

function pick({ kind, place, text }) {
  closeList();
  byId("find-text").value = text;
  byId("find-message").textContent = "";
  choose(kind, place, { close: true, focus: true });
}

/* Open the list of what the text may mean; false where that is nothing. */
function openList() {
  findBox.found = matches(byId("find-text").value);
  findBox.active = -1;
  const list = byId("found");
  list.replaceChildren(...findBox.found.slice(0, MOST).map((entry, number) =>
    make("li", { id: `found-${number}`, role: "option", "aria-selected": "false", onmousedown: (event) => event.preventDefault(), onclick: () => pick(entry) }, entry.words)));
  showList(findBox.found.length > 0);
  return listIsOpen();
}

function closeList() {
  findBox.found = [];
  findBox.active = -1;
  byId("found").replaceChildren();
  showList(false);
}

function showList(open) {
  byId("found").hidden = !open;
  byId("find-text").setAttribute("aria-expanded", String(open));
  byId("find-text").removeAttribute("aria-activedescendant");
}

/* Make one option the active one: beyond the ends, the other end. */
function activate(number) {
  const options = [...byId("found").children];
  findBox.active = (number + options.length) % options.length;
  options.forEach((option, each) => option.setAttribute("aria-selected", String(each === findBox.active)));
  byId("find-text").setAttribute("aria-activedescendant", options[findBox.active].id);
  options[findBox.active].scrollIntoView({ block: "nearest" });
  return true;
}
