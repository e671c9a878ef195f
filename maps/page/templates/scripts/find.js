/* Find a postcode, a neighbourhood or a pocket: all of it is in the page, nothing is asked of anyone. */

const POSTCODE = /(?:^| )([A-Z]{1,2}\d[A-Z\d]?) ?(\d) ?([A-Z]{2})(?= |$)/;

/* The form in which two spellings of a name are equal: the rule of geo/codes.py, and a test holds the two together. */
function plainName(text) {
  const bare = text.replace(/['\u2018\u2019\u201b\u02bc\u02b9\u2032`\u00b4]/g, "").normalize("NFKD").replace(/[\u0300-\u036f']/g, "");
  const words = bare.toLowerCase().replace(/&/g, " and ").replace(/[^a-z0-9]+/g, " ").trim();
  return words.replace(/\bsaint (?=.)/g, "st ");
}

/* The postcode in a text, whatever stands round it or in its gap, and its area, if this page holds it. */
function areaOfPostcode(text) {
  const match = POSTCODE.exec(plainName(text).toUpperCase());
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

/* What a text may mean, best first. `sure` is a postcode, a whole name or a code. */
function matches(text) {
  const postcode = areaOfPostcode(text);
  if (postcode) {
    const { postcode: text, area } = postcode;
    return area === null ? [] : [{ kind: "area", place: area, text, words: `${text} is in ${titleOf("area", area)}`, sure: true }];
  }
  const wanted = plainName(text);
  if (!wanted) return [];
  const found = [];
  for (const kind of ["pocket", "msoa", "area"]) {
    const { names, codes } = data.places[kind];
    names.forEach((name, place) => {
      const at = plainName(name).indexOf(wanted);
      const sure = wanted === plainName(name) || wanted === plainName(codes[place]);
      if (sure || at >= 0) found.push({ kind, place, text: name, words: findWords(kind, place), sure, order: sure ? 0 : at ? 2 : 1 });
    });
  }
  return found.sort((one, other) => one.order - other.order);
}

/* The one place that a text can be taken for: the only match, or the only sure one. */
function onlyMatch(found) {
  const sure = found.filter((entry) => entry.sure);
  return found.length === 1 ? found[0] : sure.length === 1 ? sure[0] : null;
}

function findWords(kind, place) {
  if (kind !== "msoa") return titleOf(kind, place);
  return `${data.places.msoa.names[place]}, ${counted(areasOf("msoa", place).length, "small area")}`;
}

function nothingFound(text) {
  const postcode = areaOfPostcode(text);
  if (postcode) {
    const { called, postcodes_of } = data.borough;
    const said = `${postcode.postcode} is not among the postcodes of ${called} that this page holds.`;
    return [said, postcodes_of, "Nothing is selected."].filter(Boolean).join(" ");
  }
  return `Nothing in ${data.borough.called} is called “${text.trim()}”, and nothing is selected. Try a full postcode, or part of a name.`;
}
