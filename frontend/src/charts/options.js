// From figures to chart options. Values arrive as decimal texts and become binary numbers here, for pixels only;
// every figure that is read by a person is the text that came from the server.

const drawn = (value) => (value === null || value === undefined || value === '' ? null : Number(value));
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

function base(colours) {
  return {
    textStyle: { fontFamily: colours.font, fontSize: colours.size },
    aria: { enabled: false }, // the host is labelled, the table beside it holds the figures
    animation: !calm(),
    animationDuration: 250,
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText', // the HTML kind writes style attributes, which the page's policy forbids
      confine: true,
      backgroundColor: '#22344a',
      borderWidth: 0,
      padding: [8, 12],
      textStyle: { color: '#fff', fontSize: colours.size + 1, lineHeight: 20 },
    },
    legend: {
      top: 2,
      left: 2,
      itemWidth: 12,
      itemHeight: 10,
      itemGap: 16,
      textStyle: { color: colours.ink, fontSize: colours.size },
    },
  };
}

/** One row of the tooltip per series, with the server's own text. */
function said(figures, index, unit) {
  const rows = figures.series.map((series) => [series.name, series.values[index]]).filter(([, value]) => drawn(value) !== null);
  return rows.map(([name, value]) => `${name}　${value}${unit}`);
}

/**
 * The totals stand behind the bars, as labels of an unseen bar as long as what was gained: any real part may be
 * missing, and a label at the end of a negative bar would lie upon it.
 */
function totals(figures, colours) {
  const gained = (index) => figures.series.reduce((sum, series) => sum + Math.max(drawn(series.values[index]) ?? 0, 0), 0);
  const label = { show: true, position: 'right', color: colours.ink, fontSize: colours.size, fontWeight: 600,
    formatter: ({ dataIndex }) => figures.totals[dataIndex] ?? '' };
  return { type: 'bar', silent: true, barGap: '-100%', barMaxWidth: 15, itemStyle: { color: 'transparent' }, data: figures.labels.map((_, index) => gained(index)), label };
}

export function barOption(figures, colours) {
  const unit = figures.unit ?? '分';
  const axisLabel = (index) => ({ value: figures.labels[index], textStyle: index === figures.mark ? { fontWeight: 700, color: colours.lines[0] } : {} });
  const frame = base(colours);
  return {
    ...frame,
    tooltip: { ...frame.tooltip, axisPointer: { type: 'shadow' },
      formatter: ([{ dataIndex }]) => [figures.labels[dataIndex], ...said(figures, dataIndex, unit),
        ...(figures.totals ? [`合计　${figures.totals[dataIndex]}${unit}`] : [])].join('\n') },
    legend: { ...frame.legend, icon: 'roundRect', show: figures.series.length > 1, data: figures.series.map((series) => series.name) },
    grid: { left: 4, right: 62, top: figures.series.length > 1 ? 36 : 10, bottom: 4, containLabel: true },
    xAxis: { type: 'value', axisLabel: { color: colours.soft, fontSize: colours.size }, splitLine: { lineStyle: { color: colours.grid } } },
    yAxis: { type: 'category', inverse: true, data: figures.labels.map((_, index) => axisLabel(index)), axisTick: { show: false },
      axisLine: { show: false }, axisLabel: { color: colours.ink, fontSize: colours.size, interval: 0, width: 132, overflow: 'truncate' } },
    series: figures.series.map((series, index) => ({
      name: series.name,
      type: 'bar',
      stack: 'total',
      barMaxWidth: 15,
      data: series.values.map(drawn),
      itemStyle: { color: colours.series[index % colours.series.length], borderColor: '#fff', borderWidth: 0.5 },
    })).concat(figures.totals ? [totals(figures, colours)] : []),
  };
}

/** The dashed line below which a warning is due. */
function warnLine(figures, colours) {
  if (drawn(figures.warn) === null) return {};
  const label = { formatter: `${figures.warn_label ?? '预警线'} ${figures.warn}`, position: 'insideEndTop', color: colours.warn, fontSize: colours.size };
  return { markLine: { silent: true, symbol: 'none', data: [{ yAxis: drawn(figures.warn) }], lineStyle: { color: colours.warn, type: 'dashed' }, label } };
}

export function lineOption(figures, colours) {
  const unit = figures.unit ?? '分';
  const frame = base(colours);
  let shade = 0;
  return {
    ...frame,
    tooltip: { ...frame.tooltip, axisPointer: { type: 'line' },
      formatter: ([{ dataIndex }]) => [figures.labels[dataIndex], ...said(figures, dataIndex, unit)].join('\n') },
    legend: { ...frame.legend, itemWidth: 20, show: figures.series.length > 1 },
    grid: { left: 4, right: 20, top: figures.series.length > 1 ? 40 : 16, bottom: 4, containLabel: true },
    xAxis: { type: 'category', boundaryGap: false, data: figures.labels, axisTick: { show: false },
      axisLine: { lineStyle: { color: '#cfd7e1' } }, axisLabel: { color: colours.soft, fontSize: colours.size } },
    yAxis: { type: 'value', scale: true, axisLabel: { color: colours.soft, fontSize: colours.size }, splitLine: { lineStyle: { color: colours.grid } } },
    series: figures.series.map((series, index) => ({
      name: series.name,
      type: 'line',
      data: series.values.map(drawn),
      connectNulls: false,
      symbol: 'circle',
      symbolSize: 6,
      lineStyle: { width: series.dashed ? 1.5 : 2.25, type: series.dashed ? 'dashed' : 'solid' },
      itemStyle: { color: series.dashed ? colours.mean : colours.lines[shade++ % colours.lines.length] },
      ...(index === 0 ? warnLine(figures, colours) : {}),
    })),
  };
}
