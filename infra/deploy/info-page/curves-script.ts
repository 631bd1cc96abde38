/**
 * The script of the curves: asks the network for each about every layer while somebody looks, and draws them. It reads
 * where to ask from `data-curves` (CurvesSource), and answers of Prometheus (prometheus.io, "HTTP API", matrix). It asks
 * for one curve after the other, so that a reader takes one place at the gateway. Only a whole round is drawn: all
 * curves have the same times.
 */
export const CURVES_SCRIPT = `
(() => {
  "use strict";
  const panel = document.querySelector("[data-curves]");
  const { url, step } = JSON.parse(panel.dataset.curves);
  const figures = [...panel.querySelectorAll("[data-curve]")];
  const put = (place, name, text) => { place.querySelector('[data-value="' + name + '"]').textContent = text; };
  const number = (value) => value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 2 : 0 });

  async function ask(path) {
    const answer = await fetch(url + path, { signal: AbortSignal.timeout(10000) });
    if (!answer.ok) throw new Error(answer.status);
    const { data } = await answer.json();
    return data.result.map(({ metric, values }) => ({
      line: metric.kind ?? "",
      points: values.map(([time, value]) => [time, Number(value)]).filter(([, value]) => isFinite(value)),
    })).filter(({ points }) => points.length > 0);
  }

  function draw(figure, lines, from, to, at) {
    const { unit } = figure.dataset;
    const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
    const min = values.reduce((a, b) => Math.min(a, b), Infinity);
    const max = values.reduce((a, b) => Math.max(a, b), -Infinity);
    const low = "far" in figure.dataset ? min : Math.min(0, min);
    const high = max > low ? max : low + 1;
    const x = (time) => (300 * (time - from) / Math.max(step, to - from)).toFixed(1);
    const y = (value) => (100 - 100 * (value - low) / (high - low)).toFixed(1);
    for (const path of figure.querySelectorAll("[data-line]")) {
      const { points } = lines.find(({ line }) => line === path.dataset.line) ?? { points: [] };
      const pen = ([time], i) => i > 0 && time - points[i - 1][0] <= 1.5 * step ? "L" : "M";
      path.setAttribute("d", points.map((one, i) => pen(one, i) + x(one[0]) + " " + y(one[1])).join("") || "M0 0");
      const last = figure.querySelector('[data-last="' + path.dataset.line + '"]');
      last.textContent = points.length > 0 ? number(points.at(-1)[1]) : "–";
    }
    const isEmpty = values.length === 0;
    const extent = isEmpty ? "No data yet" : "min " + number(min) + ", max " + number(max);
    put(figure, "extent", extent);
    put(figure, "low", isEmpty ? "" : number(low));
    put(figure, "high", isEmpty ? "" : number(high));
    put(figure, "from", at(from));
    put(figure, "middle", at((from + to) / 2));
    put(figure, "to", at(to));
    const lasts = lines.map(({ line, points }) => line + " " + number(points.at(-1)[1])).join(", ");
    figure.querySelector("desc").textContent =
      isEmpty ? extent : "From " + at(from) + " to " + at(to) + ": now " + lasts.trim() + ", " + extent + " " + unit;
  }

  let timer;
  async function refresh() {
    clearTimeout(timer);
    try {
      const all = [];
      for (const figure of figures) all.push(await ask(figure.dataset.curve));
      const times = all.flatMap((lines) => lines.flatMap(({ points }) => [points[0][0], points.at(-1)[0]]));
      const now = Date.now() / 1000;
      const from = times.reduce((a, b) => Math.min(a, b), now);
      const to = times.length > 0 ? times.reduce((a, b) => Math.max(a, b)) : now;
      const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
      if (to - from < 900) shape.second = "2-digit";
      if (to - from > 72000) shape.weekday = "short";
      const at = (time) => times.length > 0 ? new Date(1000 * time).toLocaleString("en", shape) : "";
      figures.forEach((figure, i) => draw(figure, all[i], from, to, at));
      panel.dataset.tone = times.length > 0 ? "good" : "wait";
      put(panel, "state", times.length > 0 ? "Up to date" : "The network has no data yet");
      put(panel, "asked", "As of " + new Date().toLocaleTimeString("en", { hourCycle: "h23" }) + " by the clock of this browser.");
    } catch {
      panel.dataset.tone = "bad";
      put(panel, "state", "The network's curves do not answer.");
    }
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(refresh, Math.max(5, step) * 1000);
  }

  document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(timer) : refresh());
  refresh();
})();
`;
