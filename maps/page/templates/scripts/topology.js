/* The page's one geometry: TopoJSON, in which a shared edge is one arc, to lines and neighbours. */

function decode(topology) {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((steps) => {
    let east = 0;
    let north = 0;
    return steps.map(([across, up]) => {
      east += across;
      north += up;
      return [north * scale[1] + translate[1], east * scale[0] + translate[0]];
    });
  });
  const line = (number) => (number < 0 ? arcs[~number].slice().reverse() : arcs[number]);
  const ring = (numbers) => numbers.flatMap((number, place) => line(number).slice(place ? 1 : 0));
  const parts = (shape) => (shape.type === "Polygon" ? [shape.arcs] : shape.arcs || []);
  const shapes = (name) => topology.objects[name].geometries;
  const polygons = (name) => shapes(name).map((shape) => parts(shape).map((rings) => rings.map(ring)));

  const owners = arcs.map(() => []);
  shapes("areas").forEach((shape, area) => {
    parts(shape).flat(2).forEach((number) => owners[number < 0 ? ~number : number].push(area));
  });
  return { arcs, owners, areas: polygons("areas"), surroundings: polygons("surroundings") };
}

/* For each area, those that share an arc with it. */
function neighboursOf(geometry) {
  const beside = geometry.areas.map(() => new Set());
  for (const [one, other] of geometry.owners) {
    if (other !== undefined && one !== other) {
      beside[one].add(other);
      beside[other].add(one);
    }
  }
  return beside.map((set) => [...set]);
}

/* The lines around a group of areas: arcs with the group on one side only. */
function outline(geometry, belongs) {
  return geometry.arcs.filter((arc, number) => {
    const sides = geometry.owners[number].filter(belongs).length;
    return sides === 1;
  });
}

/* The lines between groups, each once; groups are given by area. */
function mesh(geometry, groups) {
  return geometry.arcs.filter((arc, number) => {
    const [one, other] = geometry.owners[number];
    return other !== undefined && groups[one] !== groups[other];
  });
}
