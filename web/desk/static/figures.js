// Draws the plots of the figures from the numbers that the page has. Without it the tables say the same.

/* global echarts */

const plots = JSON.parse(document.getElementById("figures-data").textContent);
const charts = new Map();

/** The colour that a name of desk.css stands for now: light, dark, or on paper. */
function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function palette() {
  return {
    ink: colour("ink"),
    soft: colour("soft"),
    line: colour("line"),
    card: colour("card"),
    series: [colour("blue"), colour("green")],
  };
}

function sizes() {
  const body = getComputedStyle(document.body);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { rem, small: rem * 0.8, family: body.fontFamily };
}

/** The words of a place on the axis: its name, and each figure as the table has it. */
function words(plot, row) {
  if (plot.series.length === 1) return `${row.name}：${row.said[0]}`;
  return [row.name, ...plot.series.map((name, index) => `${name}：${row.said[index]}`)].join("\n");
}

/** How wide the longest figure beside a bar is, in the type's size: what is Chinese is twice as wide. */
function longest(plot) {
  const widths = plot.rows.map((row) => [...row.said[0]].reduce((sum, each) => sum + (each > "\u2e7f" ? 1 : 0.62), 0));
  return Math.max(...widths);
}

/** Where an axis begins. Bars begin at nothing, or they lie; a line of percent where there is something to see. */
function beginning(plot) {
  if (plot.form !== "lines" || !plot.unit) return 0;
  const lowest = Math.min(...plot.rows.flatMap((row) => row.numbers.filter((each) => each !== null)));
  return lowest < 50 ? Math.floor(lowest / 20) * 20 : Math.min(80, Math.floor(lowest / 10) * 10);
}

function options(plot) {
  const colours = palette();
  const { rem, small, family } = sizes();
  const text = { color: colours.soft, fontSize: small, fontFamily: family };
  const lying = plot.form === "lying";
  const foot = beginning(plot);
  const names = {
    type: "category",
    data: plot.rows.map((_, index) => index), // two units may have the same name
    inverse: lying,
    axisLabel: {
      ...text,
      formatter: (index) => plot.rows[index].name,
      ...(lying ? { color: colours.ink, width: rem * 7, overflow: "truncate", interval: 0 } : { hideOverlap: true }),
    },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } },
    triggerEvent: lying,
  };
  const numbers = {
    type: "value",
    max: plot.most ?? undefined,
    min: foot,
    interval: plot.unit ? (foot < 50 ? 20 : 10) : undefined,
    minInterval: plot.form === "bars" ? 1 : undefined,
    axisLabel: { ...text, show: !lying, formatter: `{value}${plot.unit}` },
    splitLine: { show: !lying, lineStyle: { color: colours.line } },
    splitNumber: 4,
  };
  const widest = lying && plot.rows.length ? { show: true, position: "right", ...text, color: colours.ink } : { show: false };
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 250,
    aria: { enabled: true, label: { description: plot.title } },
    textStyle: { fontFamily: family, color: colours.ink },
    color: colours.series,
    grid: { left: 4, right: lying ? longest(plot) * small + 8 : 12, top: 10, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      backgroundColor: colours.card,
      borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: small * 1.05, fontFamily: family },
      axisPointer: { type: lying || plot.form === "bars" ? "shadow" : "line" },
      formatter: (points) => words(plot, plot.rows[points[0].dataIndex]),
    },
    xAxis: lying ? numbers : names,
    yAxis: lying ? names : numbers,
    series: plot.series.map((name, index) => ({
      name,
      type: plot.form === "lines" ? "line" : "bar",
      data: plot.rows.map((row) => row.numbers[index]),
      connectNulls: false,
      symbol: index ? "diamond" : "circle",
      symbolSize: plot.rows.length > 20 ? 4 : 7,
      lineStyle: { width: 2.5, type: index ? [7, 4] : "solid" },
      barMaxWidth: lying ? rem * 1.1 : rem * 1.6,
      barMinHeight: lying ? 2 : 0,
      itemStyle: { borderRadius: lying ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      label: { ...widest, formatter: ({ dataIndex }) => plot.rows[dataIndex].said[index] },
      cursor: lying ? "pointer" : "default",
    })),
  };
}

function draw(plot) {
  const place = document.querySelector(`[data-plot="${plot.key}"]`);
  if (!place) return;
  let chart = charts.get(plot.key);
  if (!chart) {
    place.append(document.createElement("div"));
    const canvas = place.firstElementChild;
    canvas.style.height = plot.form === "lying" ? `${plot.rows.length * 2 + 2.5}rem` : "100%";
    if (plot.form === "lying") place.style.height = "auto";
    chart = echarts.init(canvas);
    charts.set(plot.key, chart);
    chart.on("click", (event) => {
      const row = event.componentType === "yAxis"
        ? plot.rows[Number(event.value)]
        : plot.rows[event.dataIndex];
      if (row?.link) location.assign(row.link);
    });
    new ResizeObserver(() => chart.resize()).observe(place);
  }
  chart.setOption(options(plot), true);
}

function drawAll() {
  plots.forEach(draw);
}

drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);

// On paper: light colours, and every table open.
const look = document.documentElement.dataset.look;
const opened = new Set();
addEventListener("beforeprint", () => {
  document.documentElement.dataset.look = "light";
  document.querySelectorAll(".as-table:not([open])").forEach((each) => {
    each.open = true;
    opened.add(each);
  });
  drawAll();
});
addEventListener("afterprint", () => {
  document.documentElement.dataset.look = look;
  opened.forEach((each) => { each.open = false; });
  opened.clear();
  drawAll();
});
