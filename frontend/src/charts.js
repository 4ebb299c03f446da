// Bars for rankings, lines for trends. Drawn as SVG; the figures themselves stand in a table on the page.
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import zh from 'echarts/i18n/langZH-obj.js';
import { SVGRenderer } from 'echarts/renderers';
import { el } from './dom.js';
import { figuresOf, island, whenSeen } from './island.js';
import { barOption, lineOption } from './charts/options.js';

echarts.use([BarChart, LineChart, GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, AriaComponent, SVGRenderer]);
echarts.registerLocale('ZH', zh);

const OPTIONS = { bar: barOption, line: lineOption };
const ROW_PIXELS = 26; // height of one bar of a ranking, gap included
const FRAME_PIXELS = 88; // legend, axis, padding

island('charts', (host) => {
  const figures = figuresOf(host);
  const kind = host.dataset.kind;
  // set as a property, not as an attribute: allowed by a strict style policy
  if (kind === 'bar') host.style.minHeight = `max(${getComputedStyle(host).minHeight}, ${figures.labels.length * ROW_PIXELS + FRAME_PIXELS}px)`;
  whenSeen(host, () => draw(host, OPTIONS[kind](figures, palette())));
});

function palette() {
  const tokens = getComputedStyle(document.documentElement);
  const token = (name) => tokens.getPropertyValue(name).trim();
  return {
    series: ['--c1', '--c2', '--c3', '--c4', '--c6', '--c5'].map(token),
    lines: ['--c1', '--c3', '--c5', '--c6', '--c4', '--c2'].map(token),
    mean: token('--c-mean'),
    warn: token('--bad'),
    ink: token('--ink'),
    soft: token('--ink-3'),
    grid: token('--line'),
    font: token('--font'),
    size: parseInt(token('--t-xs'), 10),
  };
}

function draw(host, option) {
  const place = el('div', { class: 'chart-host' });
  host.append(place);
  const chart = echarts.init(place, null, { renderer: 'svg', locale: 'ZH' });
  chart.setOption(option);
  new ResizeObserver(() => chart.resize()).observe(place);
  host.dataset.ready = 'yes';
}
