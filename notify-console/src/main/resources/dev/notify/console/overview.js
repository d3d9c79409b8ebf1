// The overview's charts: asked for every two seconds, drawn by Chart.js.
import { poll } from './app.js';

const byId = id => document.getElementById(id);
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const priorities = ['CRITICAL', 'HIGH', 'NORMAL', 'LOW'];

const probe = document.createElement('span');
probe.hidden = true;
document.body.append(probe);

/** A colour of the sheet, as it is in the light or in the dark; a canvas knows no such choice. */
function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

function line(label, shade, fill = false) {
  return { label, shade, data: [], borderWidth: 2, pointRadius: 0, tension: 0.25, fill, spanGaps: true };
}

function options(extra = {}) {
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    interaction: { mode: 'index', intersect: false },
    plugins: { legend: { position: 'bottom', align: 'start', labels: { boxWidth: 8, boxHeight: 8, usePointStyle: true, pointStyle: 'circle' } } },
    scales: {
      x: { grid: { display: false }, ticks: { maxTicksLimit: 5, maxRotation: 0 }, ...extra.x },
      y: { beginAtZero: true, ticks: { maxTicksLimit: 5, precision: 0 }, ...extra.y },
    },
  };
}

const charts = {
  throughput: new Chart(byId('throughput'), {
    type: 'line',
    data: { labels: [], datasets: [line('sent', 'chart-1'), line('delivered', 'chart-2'), line('failed', 'chart-3'), line('held back', 'chart-4')] },
    options: options({ y: { ticks: { maxTicksLimit: 5 } } }),
  }),
  rate: new Chart(byId('rate'), {
    type: 'line',
    data: { labels: [], datasets: [line('sent of what ended, %', 'chart-2')] },
    options: options({ y: { min: 0, max: 100 } }),
  }),
  latency: new Chart(byId('latency'), {
    type: 'line',
    data: { labels: [], datasets: [line('p50', 'chart-2'), line('p95', 'chart-4'), line('p99', 'chart-3')] },
    options: options({ y: { ticks: { maxTicksLimit: 5 } } }),
  }),
  queue: new Chart(byId('queue'), {
    type: 'bar',
    data: { labels: [], datasets: priorities.map((name, i) => ({ label: name.toLowerCase(), shade: 'chart-' + [3, 4, 1, 2][i], data: [], maxBarThickness: 34 })) },
    options: options({ x: { stacked: true }, y: { stacked: true, suggestedMax: 4 } }),
  }),
};

function paint() {
  for (const chart of Object.values(charts)) {
    chart.options.color = colour('muted');
    for (const scale of Object.values(chart.options.scales)) {
      scale.ticks.color = colour('muted');
      scale.border = { color: colour('line') };
      scale.grid = { ...scale.grid, color: colour('line') };
    }
    for (const set of chart.data.datasets) {
      set.borderColor = colour(set.shade);
      set.backgroundColor = colour(set.shade);
      if (chart.config.type === 'bar') {
        set.borderWidth = 0;
      }
    }
    chart.update('none');
  }
}

function fill(chart, labels, ...series) {
  chart.data.labels = labels;
  series.forEach((data, i) => { chart.data.datasets[i].data = data; });
  chart.update('none');
}

/** The figures of a chart in words, for those who do not see it. */
function say(id, words) {
  byId(id + '-now').textContent = words;
  byId(id).setAttribute('aria-label', byId(id + '-title').textContent + ': ' + words);
}

const last = series => series.findLast(value => value !== null);
const millis = value => value === undefined ? '–' : value >= 100 ? Math.round(value) + ' ms' : value.toFixed(1) + ' ms';
const count = new Intl.NumberFormat();

function show(data) {
  const labels = data.seconds.map(second => clock.format(second * 1000));
  const perSecond = name => data[name].map(value => value / data.step);
  fill(charts.throughput, labels, perSecond('sent'), perSecond('delivered'), perSecond('failed'), perSecond('held'));
  fill(charts.rate, labels, data.rate);
  fill(charts.latency, labels, data.p50, data.p95, data.p99);
  fill(charts.queue, data.queue.map(lane => lane.channel),
    ...priorities.map(name => data.queue.map(lane => lane.waiting[name])));
  const sum = name => data[name].reduce((all, value) => all + value, 0);
  say('throughput', `the last ${Math.round(data.seconds.length * data.step / 60)} minutes: ${count.format(sum('sent'))} sent, ${count.format(sum('failed'))} failed`);
  const rate = last(data.rate);
  say('rate', rate === undefined ? 'nothing ended lately' : rate.toFixed(1) + ' %');
  say('latency', `half within ${millis(last(data.p50))}, 99 of 100 within ${millis(last(data.p99))}`);
  const waiting = data.queue.reduce((all, lane) => all + priorities.reduce((sum, name) => sum + lane.waiting[name], 0), 0);
  const late = Math.max(0, ...data.queue.flatMap(lane => Object.values(lane.lateSeconds)));
  const inHand = data.queue.reduce((all, lane) => all + lane.inFlight, 0);
  say('queue', `${count.format(waiting)} waiting, ${count.format(inHand)} in hand` + (late > 0 ? `, ${late} s late in the store` : ''));

  const state = byId('state');
  state.textContent = { UP: 'All is well', DEGRADED: 'Somebody should look', DOWN: 'Down' }[data.state];
  state.className = 'chip ' + { UP: 'good', DEGRADED: 'warn', DOWN: 'bad' }[data.state];
  byId('reasons').textContent = data.reasons.join('; ');
  const totals = data.totals;
  tile('sent', totals.sent);
  tile('dead', totals.dead);
  tile('suppressed', totals.suppressed);
  tile('queued', waiting);
  byId('tile-delivered').textContent = totals.sent > 0 ? (100 * totals.delivered / totals.sent).toFixed(1) + ' %' : '–';
  providers(data.providers);
  note(totals.fault ?? '');
}

function tile(name, value) {
  byId('tile-' + name).textContent = value === undefined ? '–' : count.format(value);
}

/** Said once, and not with every question. */
function note(text) {
  const place = byId('live-note');
  if (place.textContent !== text) {
    place.textContent = text;
  }
}

function element(tag, text = '', className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) {
    made.className = className;
  }
  return made;
}

const heads = ['Provider', 'Channel', 'State', 'Calls', 'Accepted', 'In flight', 'Last fault'];

function providers(list) {
  const table = element('table', '', 'stack');
  const head = table.createTHead().insertRow();
  heads.forEach(name => {
    const cell = element('th', name);
    cell.scope = 'col';
    head.append(cell);
  });
  const body = table.createTBody();
  list.forEach(one => {
    const row = body.insertRow();
    const state = one.usable ? 'ready' : one.breaker === 'OPEN' ? 'circuit open' : 'resting';
    const values = [one.name, one.channel, '', count.format(one.calls),
      one.calls > 0 ? (100 * one.accepted / one.calls).toFixed(1) + ' %' : '–', one.inFlight, one.lastFault || '–'];
    values.forEach((value, i) => {
      const cell = element('td', String(value));
      cell.dataset.label = heads[i];
      if (i === 2) {
        cell.append(element('span', state, 'chip ' + (one.usable ? 'good' : 'bad')));
      }
      row.append(cell);
    });
  });
  byId('providers').replaceChildren(table);
}

paint();
document.addEventListener('themechange', paint);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
poll('/data/overview', 2000, show, () => note('The console does not answer. Is the application still running?'));
