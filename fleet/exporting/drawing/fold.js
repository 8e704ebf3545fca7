// Folds and unfolds the boxes of the drawing: a click on a box's title places everything anew.
// `place` is what placement.py does, line by line; both get the same plan.
"use strict";
const HEADER = 24, PADDING = 14, GAP = 12, CHANNEL = 40, PORT = 10;

function place(plan) {
  const boxes = new Map(plan.boxes.map(([number, width, inputs, outputs, columns, wires]) =>
    [number, { number, width, inputs, outputs, columns, wires }]));
  const found = { sizes: new Map(plan.sizes), places: new Map(), edges: new Map(), paths: new Map() };
  const folded = new Set(plan.folded);
  for (const box of [...boxes.values()].reverse()) placeBox(box, boxes, folded, found);
  return found;
}

function placeBox(box, boxes, folded, found) {
  const rows = Math.max(box.inputs, box.outputs);
  if (folded.has(box.number)) {
    found.sizes.set(box.number, [box.width, HEADER + (rows > 1 ? rows * PORT : 0)]);
    return;
  }
  const sources = sourcesOf(box);
  let x = PADDING + (box.inputs ? CHANNEL : 0), bottom = 0;
  for (const column of box.columns) {
    bottom = Math.max(bottom, placeColumn(column, x, sources, found));
    const width = Math.max(...column.map(entry => found.sizes.get(entry)[0]));
    for (const entry of column) found.edges.set(entry, x + width);
    x += width + CHANNEL;
  }
  x += PADDING - CHANNEL + (box.outputs ? CHANNEL : 0);
  const height = Math.max(bottom + PADDING, HEADER + rows * PORT);
  found.sizes.set(box.number, [Math.max(x, box.width), height]);
  for (const wire of box.wires) found.paths.set(wire[0], pathOf(wire, box, boxes, found));
}

function sourcesOf(box) {
  const sources = new Map();
  for (const [, source, target, bends] of box.wires) {
    const way = [...bends];
    if (source[0] !== "port") way.unshift(source[1]);
    if (target[0] !== "port") way.push(target[1]);
    for (let k = 1; k < way.length; k++) {
      if (!sources.has(way[k])) sources.set(way[k], []);
      sources.get(way[k]).push(way[k - 1]);
    }
  }
  return sources;
}

function placeColumn(column, x, sources, found) {
  let y = HEADER + PADDING, late = 0;
  for (const entry of column) {
    const height = found.sizes.get(entry)[1];
    const before = (sources.get(entry) || []).filter(other => found.places.has(other));
    let wanted = y;
    if (before.length) {
      const sum = before.reduce(
        (total, one) => total + found.places.get(one)[1] * 2 + found.sizes.get(one)[1], 0);
      wanted = Math.floor((Math.floor(sum / before.length) - height) / 2);
    }
    const at = Math.max(wanted, y);
    found.places.set(entry, [x, at]);
    late += at - wanted;
    y = at + height + GAP;
  }
  const top = Math.min(...column.map(entry => found.places.get(entry)[1]));
  const up = Math.min(Math.floor(late / column.length), top - HEADER - PADDING);
  for (const entry of column) found.places.set(entry, [x, found.places.get(entry)[1] - up]);
  return y - GAP - up;
}

function endOf([kind, number, port], box, boxes, found, leaving) {
  if (kind === "port") {
    const [width, height] = found.sizes.get(box.number);
    return [leaving ? 0 : width, portOf(height, port, leaving ? box.inputs : box.outputs)];
  }
  const [x, y] = found.places.get(number), [width, height] = found.sizes.get(number);
  if (kind === "entry") return [x + (leaving ? width : 0), y + Math.floor(height / 2)];
  const inner = boxes.get(number);
  if (leaving) return [x + width, y + portOf(height, port, inner.outputs)];
  return [x, y + portOf(height, port, inner.inputs)];
}

function portOf(height, port, count) {
  if (height <= HEADER) return Math.floor(height / 2);
  return HEADER + Math.floor((2 * port + 1) * (height - HEADER) / (2 * count));
}

function pathOf([, source, target, bends], box, boxes, found) {
  let [x, y] = endOf(source, box, boxes, found, true);
  let path = `M${x} ${y}`;
  if (source[0] !== "port") {
    x = found.edges.get(source[1]);
    path += `H${x}`;
  }
  for (const bend of bends) {
    const [left, top] = found.places.get(bend);
    const middle = top + Math.floor(found.sizes.get(bend)[1] / 2);
    path += curve(x, y, left, middle);
    [x, y] = [found.edges.get(bend), middle];
    path += `H${x}`;
  }
  return path + curve(x, y, ...endOf(target, box, boxes, found, false));
}

function curve(x, y, toX, toY) {
  const middle = Math.floor((x + toX) / 2);
  return `C${middle} ${y} ${middle} ${toY} ${toX} ${toY}`;
}

function show(plan) {
  const found = place(plan), folded = new Set(plan.folded);
  for (const [number] of plan.boxes) {
    const group = document.getElementById(`b${number}`), shut = folded.has(number);
    group.classList.toggle("folded", shut);
    const frame = group.querySelector(":scope > .frame");
    const [width, height] = found.sizes.get(number);
    frame.setAttribute("width", width);
    frame.setAttribute("height", height);
    const title = group.querySelector(":scope > .title").firstChild;
    title.data = (shut ? "\u25b8" : "\u25be") + title.data.slice(1);
  }
  for (const [number, [x, y]] of found.places) {
    const group = document.getElementById(`b${number}`) || document.getElementById(`n${number}`);
    if (group) group.setAttribute("transform", `translate(${x} ${y})`);
  }
  for (const [number, path] of found.paths) {
    document.getElementById(`w${number}`).setAttribute("d", path);
  }
  const [width, height] = found.sizes.get(plan.boxes[0][0]);
  const svg = document.documentElement, margin = 2 * plan.margin;
  svg.setAttribute("width", width + margin);
  svg.setAttribute("height", height + margin);
  svg.setAttribute(
    "viewBox", `${-plan.margin} ${-plan.margin} ${width + margin} ${height + margin}`);
}

function start() {
  const plan = JSON.parse(document.getElementById("plan").textContent);
  for (const [number] of plan.boxes) {
    const title = document.getElementById(`b${number}`).querySelector(":scope > .title");
    title.addEventListener("click", () => {
      const at = plan.folded.indexOf(number);
      if (at < 0) plan.folded.push(number); else plan.folded.splice(at, 1);
      show(plan);
    });
  }
}

if (typeof document !== "undefined") start();
