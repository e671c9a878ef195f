/* Elements are made here, and text is only ever set as text. */

const byId = (id) => document.getElementById(id);

/* The palette is that of the style sheet, so that what is drawn has the colours of the rest. */
const sheet = getComputedStyle(document.documentElement);
const TINT = Object.fromEntries(["ink", "quiet", "paper", "focus", "pocket", "around", "deep", "middle", "pale"]
  .map((name) => [name, sheet.getPropertyValue(`--${name}`).trim()]));

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  draw.set(element, attributes);
  element.append(...children);
  return element;
}

draw.set = (element, attributes) =>
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));

function fillOf({ pattern, colour }) {
  if (pattern === "plain") return colour;
  return pattern === "striped" ? `url(#striped-${colour.slice(1)})` : `url(#${pattern})`;
}

/* The key to a class: the very fill of the map, patterns included. */
function swatch(entry) {
  const square = { x: 0.5, y: 0.5, width: 23, height: 15, fill: fillOf(entry), stroke: TINT.ink };
  const attributes = { class: "swatch", width: 24, height: 16, viewBox: "0 0 24 16", "aria-hidden": "true" };
  return draw("svg", attributes, draw("rect", square));
}

const badge = (number) => make("span", { class: "badge", "aria-hidden": "true" }, String(number));
