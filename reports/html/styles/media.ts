// Narrow screens, and paper.

export const mediaStyles = `
@media (max-width: 900px) {
  .block { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 720px) {
  .page { padding: 1.25rem 1rem 3rem; }
  h1 { font-size: 1.375rem; } h2 { font-size: 1.125rem; }
  .band { padding: .85rem .9rem .95rem 1.15rem; } .band .sentence { font-size: 1.0625rem; }
  .figures { gap: .6rem 1.5rem; } .figures dd { font-size: 1.1875rem; }
  table.stack, table.stack tbody, table.stack tr, table.stack th, table.stack td { display: block; }
  table.stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.stack tr { padding: .55rem 0; border-bottom: 1px solid var(--rule); }
  table.stack th, table.stack td { border: 0; padding: .12rem 0; text-align: left; white-space: normal; min-width: 0; overflow-wrap: anywhere; }
  table.stack td { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: .75rem; }
  table.stack td::before { content: attr(data-label); color: var(--muted); font-family: var(--text); font-size: .8125rem; font-weight: 400; }
  table.stack caption { display: block; }
  .overview table.stack tr { display: grid; grid-template-columns: minmax(0, 7.5rem) minmax(0, 6rem) minmax(0, 1fr); gap: .35rem .6rem; padding: .8rem 0; }
  .overview table.stack th { grid-column: 1 / -1; }
  .overview table.stack td, .overview table.stack td::before { display: block; }
  table.matrix tbody > tr { grid-template-columns: minmax(0, 1fr); }
  table.matrix th[scope=row] { padding-bottom: .2rem; }
  ul.cells { grid-template-columns: minmax(0, 1fr); }
  .chart .roomy { display: none; }
  .long, th.name { min-width: 0; }
  dl.pairs { grid-template-columns: minmax(0, 1fr); gap: 0; } dl.pairs dd + dt { margin-top: .4rem; }
}
@media print {
  @page { margin: 16mm 14mm; }
  body { font-size: 10pt; } .page { max-width: none; padding: 0; }
  .skip { display: none; }
  article { break-before: page; margin-top: 0; border-top: 0; padding-top: 0; }
  .band, figure, tr, .figures, pre { break-inside: avoid; } h2, h3, summary { break-after: avoid; }
  .band, .phase-odd, .phase-even, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  table.matrix { font-size: 7.5pt; } table.matrix caption { position: static; } ul.cells > li { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}
`;
