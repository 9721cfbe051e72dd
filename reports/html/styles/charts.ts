// Charts: classes win over the presentation attributes that the drawings carry for readers without style sheets.

export const chartStyles = `
figure svg.chart { display: block; width: 100%; overflow: hidden; } svg.time { overflow: hidden; }
figcaption { max-width: 46rem; margin-top: .6rem; font-size: .9375rem; }
.sample, .whole { white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; margin: 0 0 .6rem; padding: 0; list-style: none; font-size: .8125rem; color: var(--muted); }
.swatch { width: 20px; height: 12px; vertical-align: -1px; margin-right: .4rem; }
.chart text { font: 12px var(--text); fill: var(--muted); }
.chart text.over { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.chart text.name { fill: var(--ink); }
.grid { stroke: var(--rule); } .axis { stroke: var(--muted); }
.ack-area { fill: var(--ack-fill); } .ack-line { stroke: var(--ack); } .ack-key { fill: var(--ack-fill); stroke: var(--ack); }
.delivered-line { stroke: var(--delivered); stroke-dasharray: 5 3; }
.fail-line { stroke: var(--fail); }
.info-edge { stroke: var(--info); } .stroke-info { stroke: var(--info); }
.stroke-away { stroke: var(--away); } .away-edge { stroke: var(--away); }
.stroke-heal { stroke: var(--healing); } .heal-edge { stroke: var(--healing); }
.fault-fill { fill: var(--fault); } .fault-line { stroke: var(--fault); } .healed-line { stroke: var(--healing); }
.reign-even { fill: var(--wash); stroke: var(--muted); } .reign-odd { fill: var(--rule); stroke: var(--muted); }
.leader-mark { fill: var(--ink); }
.phase-odd { fill: var(--faint); } .phase-even { fill: var(--wash); } .phase-bad { fill: var(--violated-wash); } .phase-edge { stroke: var(--rule); }
.processed { fill: var(--processed); } .stroke-lost { stroke: var(--violated); } .stroke-stuck { stroke: var(--inconclusive); } .stroke-unseen { fill: var(--muted); }
.stroke-aside { stroke: var(--muted); } .edge-aside { stroke: var(--muted); }
.stroke-asked { stroke: var(--required); } .edge-asked { stroke: var(--required); }
.edge-lost { stroke: var(--violated); } .edge-stuck { stroke: var(--inconclusive); } .edge-unseen { stroke: var(--muted); } .edge-processed { stroke: var(--ack); }
.latency-p50 { stroke: var(--ack); } .latency-p95 { stroke: var(--delivered); } .latency-p99 { stroke: var(--info); } .latency-max { stroke: var(--fail); }
.fault-band { fill: var(--fault); fill-opacity: .12; }
.fate-processed, .fate-processed-fill { fill: var(--calm); } .fate-processed { stroke: none; } .stroke-repeated { fill: var(--ack); } .fate-repeated { stroke: none; }
.fate-failed { stroke: var(--fail); stroke-width: 1.5; } .fate-ground { fill: var(--paper); }
.follows { fill: var(--calm); stroke: var(--ack); } .leads { fill: var(--ink); } .leads-words { fill: var(--ink); }
.dot { fill: var(--ack); }
@media (forced-colors: active) { .chart, .glyph, .swatch { forced-color-adjust: none; } }
`;
