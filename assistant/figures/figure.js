// Figures in a browser: what kinematics.py, hulls.py, scene.py and figure.py do, on the data that export.py writes.
// No build step, nothing from outside. `Figure.draw(svg, body, figure, form, pose, view, {air, left})` is what a page calls.
"use strict";
globalThis.Figure = (() => {
  const sinCos = degrees => [Math.sin(degrees * Math.PI / 180), Math.cos(degrees * Math.PI / 180)];
  const apply = (turn, v) => turn.map(row => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]);
  const after = (first, second) => {
    const columns = [0, 1, 2].map(i => apply(first, second.map(row => row[i])));
    return [0, 1, 2].map(row => columns.map(column => column[row]));
  };

  // Turn about z first, then about the new x, then about the new y.
  function turned(aboutZ, aboutX, aboutY) {
    const [sz, cz] = sinCos(aboutZ), [sx, cx] = sinCos(aboutX), [sy, cy] = sinCos(aboutY);
    return [
      [cz * cy - sz * sx * sy, -sz * cx, cz * sy + sz * sx * cy],
      [sz * cy + cz * sx * sy, cz * cx, sz * sy - cz * sx * cy],
      [-cx * sy, sx, cx * cy],
    ];
  }

  const point = (frame, inside) => apply(frame.turn, inside).map((value, i) => frame.at[i] + value);

  // Every frame of the body in the world.
  function place(body, pose) {
    const placed = {};
    for (const { name, parent, joint, at, signs, share } of body.frames) {
      const [flexion, aside, round] = pose.angles[joint].map(angle => angle * share);
      const turn = turned(signs[0] * flexion, signs[1] * aside, signs[2] * round);
      placed[name] = parent === null
        ? { at: pose.root, turn }
        : { at: point(placed[parent], at), turn: after(placed[parent].turn, turn) };
    }
    return placed;
  }

  const clamped = fraction => Math.min(1, Math.max(0, fraction));
  const ease = fraction => clamped(fraction) ** 2 * (3 - 2 * clamped(fraction));
  const mixed = (a, b, share) => a.map((value, i) => value + (b[i] - value) * share);
  const between = (one, other, share) => ({
    root: mixed(one.root, other.root, share),
    angles: Object.fromEntries(Object.entries(one.angles).map(([j, a]) => [j, mixed(a, other.angles[j], share)])),
  });

  function placeIn(fraction, parts) {
    const at = clamped(fraction) * parts, part = Math.min(Math.floor(at), parts - 1);
    return [part, at - part];
  }
  function along(path, share) {
    const [leg, within] = placeIn(ease(share), path.length - 1);
    return between(path[leg], path[leg + 1], within);
  }
  // A form has start, steps (each a list of poses) and held. The pose at a fraction of a rep, and on the way into a hold.
  function duringRep(form, fraction) {
    const [step, share] = placeIn(fraction, form.steps.length);
    return along([form.steps.at(step - 1).at(-1), ...form.steps[step]], share);
  }
  function onTheWay(form, fraction) {
    const [step, share] = placeIn(fraction, form.steps.length);
    return along([step ? form.steps[step - 1].at(-1) : form.start, ...form.steps[step]], share);
  }

  // How full of air the body is, -1 breathed out and 1 breathed in; who breathes calmly, does so whatever they do.
  function air(body, form, fraction, seconds) {
    const [step, share] = placeIn(fraction, form.steps.length);
    if (form.breath[step] === "calm") return Math.sin(2 * Math.PI * seconds / body.breathSeconds);
    return (form.breath[step] === "in" ? 1 : -1) * (2 * ease(share) - 1);
  }

  // Right, down, towards the camera. The left side is the mirror image of the right one.
  function look(view, left) {
    const [sy, cy] = sinCos(view[0]), [sp, cp] = sinCos(view[1]), flip = left ? -1 : 1;
    return ([x, y, z]) => {
      const ahead = x * sy + z * cy;
      return [flip * (x * cy - z * sy), ahead * sp - y * cp, ahead * cp + y * sp];
    };
  }

  const CORNERS = 20;
  const circle = [...Array(CORNERS).keys()].map(i => [Math.cos(2 * Math.PI * i / CORNERS), Math.sin(2 * Math.PI * i / CORNERS)]);
  const side = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  function chain(ordered) {
    const found = [];
    for (const next of ordered) {
      while (found.length > 1 && side(found.at(-2), found.at(-1), next) <= 0) found.pop();
      found.push(next);
    }
    return found.slice(0, -1);
  }
  // The convex outline round some circles, each x, y and radius.
  function outline(circles) {
    const points = circles.flatMap(([x, y, r]) => circle.map(([cx, cy]) => [x + r * cx, y + r * cy]));
    points.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return [...chain(points), ...chain(points.reverse())];
  }

  const mean = (list, i) => list.reduce((sum, one) => sum + one[i], 0) / list.length;
  function stub(one, joined) {
    if (one.part.whole) return one.circles;
    const middle = [mean(joined.circles, 0), mean(joined.circles, 1)];
    const away = c => Math.hypot(c[0] - middle[0], c[1] - middle[1]);
    const nearest = one.circles.reduce((a, b) => (away(b) < away(a) ? b : a));
    if (one.part.name === "head") return [nearest];
    return [nearest, [mean(one.circles, 0), mean(one.circles, 1), Math.min(nearest[2], mean(one.circles, 2))]];
  }

  // What is drawn, from back to front: {points, paint, edge}.
  function scene(body, figure, form, pose, view, { air = 0, left = false } = {}) {
    const placed = place(body, pose), see = look(view, left);
    const seeIt = part => {
      const swell = 1 + body.breathShare * air * body.breathing.includes(part.name);
      const seen = part.balls.map(b => [see(b.frame ? point(placed[b.frame], b.at) : b.at), b.radius * swell]);
      let near = seen.reduce((sum, [at]) => sum + at[2], 0) / seen.length;
      if (part.paint === "mark") {
        const inside = part.balls.map(b => see(point(placed[b.frame], [0, b.at[1], 0])));
        const middle = mean(inside, 2);
        near = middle + (near - middle > -body.turnedAway ? body.markNearer : -body.markNearer);
      } else near += body.closer[part.name] ?? body.closer[part.paint] ?? 0;
      return { part, circles: seen.map(([at, radius]) => [at[0], at[1], radius]), near };
    };
    const shapes = figure.floors.map(part => ({ points: outline(seeIt(part).circles), paint: part.paint, edge: true }));
    const toTheRight = look(view, false)([0, 0, 1])[2];
    const far = Math.abs(toTheRight) < 0.7 ? null : toTheRight > 0 ? "_left" : "_right";
    const drawn = [];
    for (const one of [...body.parts, ...form.parts].map(seeIt).sort((a, b) => a.near - b.near)) {
      const shade = far && body.shaded.includes(one.part.paint) && one.part.name.endsWith(far) ? "-far" : "";
      shapes.push({ points: outline(one.circles), paint: one.part.paint + shade, edge: true });
      if (one.part.paint === "mark") {
        const core = one.circles.map(([x, y, radius]) => [x, y, radius * body.coreShare]);
        shapes.push({ points: outline(core), paint: "core", edge: false });
      }
      for (const other of drawn)
        if (one.part.joined.includes(other.part.name))
          shapes.push({ points: outline(stub(other, one)), paint: other.part.paint + shade, edge: false });
      drawn.push(one);
    }
    return shapes;
  }

  // Draw into an <svg>, in centimetres; its classes are the paints.
  function draw(svg, body, figure, form, pose, view, options) {
    svg.replaceChildren(...scene(body, figure, form, pose, view, options).map(({ points, paint, edge }) => {
      const shape = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
      shape.setAttribute("points", points.map(([x, y]) => `${(x * 100).toFixed(1)},${(y * 100).toFixed(1)}`).join(" "));
      shape.setAttribute("class", edge ? `${paint} edge` : paint);
      return shape;
    }));
  }

  return { place, ease, between, duringRep, onTheWay, air, outline, scene, draw };
})();
