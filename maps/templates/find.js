/* Find a postcode, a neighbourhood or a pocket: all of it is in the page, nothing is asked of anyone. */

const POSTCODE = /^([A-Z]{1,2}\d[A-Z\d]?)\s*(\d)\s*([A-Z]{2})$/;
const MOST = 8;

function areaOfPostcode(text) {
  const match = POSTCODE.exec(text.trim().toUpperCase());
  if (!match) return null;
  const [, outward, digit, unit] = match;
  const postcode = `${outward} ${digit}${unit}`;
  for (const [area, units] of Object.entries(data.postcodes[`${outward} ${digit}`] || {})) {
    for (let at = 0; at < units.length; at += 2) {
      if (units.slice(at, at + 2) === unit) return { postcode, area: Number(area) };
    }
  }
  return { postcode, area: null };
}

const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
  .replace(/&/g, " and ").replace(/[^\p{L}\p{N} ]/gu, " ").replace(/\s+/g, " ").trim();

/* What a text may mean, best first: [kind, place, words]. */
function matches(text) {
  const postcode = areaOfPostcode(text);
  if (postcode) {
    return postcode.area === null ? [] : [["area", postcode.area, `${postcode.postcode} is in ${titleOf("area", postcode.area)}`]];
  }
  const wanted = plain(text);
  if (!wanted) return [];
  const found = [];
  for (const kind of ["pocket", "msoa", "area"]) {
    const { names, codes } = data.places[kind];
    names.forEach((name, place) => {
      const at = plain(name).indexOf(wanted);
      if (at >= 0 || plain(codes[place]) === wanted) found.push([kind, place, findWords(kind, place), at === 0 ? 0 : 1]);
    });
  }
  return found.sort((one, other) => one[3] - other[3]).slice(0, MOST);
}

function findWords(kind, place) {
  if (kind === "pocket") return titleOf(kind, place);
  if (kind === "area") return titleOf(kind, place);
  return `${data.places.msoa.names[place]}, ${plural(areasOf("msoa", place).length, "neighbourhood")}`;
}

function nothingFound(text) {
  const postcode = areaOfPostcode(text);
  return postcode
    ? `${postcode.postcode} is not among the postcodes of ${data.borough.called} that this page holds.`
    : `Nothing in ${data.borough.called} is called “${text.trim()}”. Try a full postcode, or part of a name.`;
}

function setUpFind() {
  const form = byId("find");
  const input = byId("find-text");
  const list = byId("found");
  const message = byId("find-message");
  const pick = ([kind, place]) => {
    list.replaceChildren();
    message.textContent = "";
    choose(kind, place, { close: true });
  };
  const show = () => {
    const found = matches(input.value);
    list.replaceChildren(...found.map((entry) =>
      make("li", {}, make("button", { type: "button", onclick: () => pick(entry) }, entry[2]))));
    message.textContent = input.value.trim().length > 2 && found.length ? plural(found.length, "match", "matches") : "";
  };
  input.addEventListener("input", show);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    input.value = "";
    show();
    input.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [first] = matches(input.value);
    if (first) pick(first);
    else message.textContent = input.value.trim() ? nothingFound(input.value) : "Type a postcode or a name.";
  });
}
