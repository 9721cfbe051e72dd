// The matrix of policies and faults, and the box in which it scrolls.

export const matrixStyles = `
.scroll { position: relative; overflow-x: auto; max-width: 100%; margin-top: .6rem; }
@media screen and (min-width: 1180px) { .scroll { max-width: none; width: calc(100% + (100vw - 1100px) / 2 - 1.5rem); } }
.scroll:focus-visible { outline-offset: 4px; }
section.overview > h2 { font-size: 1.125rem; }
table.matrix { width: auto; font-size: .8125rem; line-height: 1.35; }
.overview > p.note { font-size: .875rem; max-width: 50rem; }
table.matrix th, table.matrix td { padding: .4rem .7rem .45rem; vertical-align: top; border-bottom: 1px solid var(--rule); }
table.matrix thead th { color: var(--ink); font-weight: 600; vertical-align: bottom; }
table.matrix thead tr:last-child th { border-bottom-color: var(--ink); }
table.matrix th[scope=row] { position: sticky; left: 0; background: var(--paper); padding-left: 0; min-width: 7.5rem; max-width: 13rem; font-weight: 600; z-index: 1; }
table.matrix thead tr:first-child th:first-child { padding-left: 0; }
table.matrix .group { border-left: 1px solid var(--rule); }
table.matrix td { min-width: 7.5rem; max-width: 14rem; } table.matrix td.none { min-width: 0; }
table.matrix td.cell { background: var(--cell); }
table.matrix .cell-head { display: block; } table.matrix .left-out .cell-head { color: var(--muted); font-weight: 600; }
table.matrix td a { text-decoration: none; } table.matrix td a:hover { text-decoration: underline; }
table.matrix .worst { display: block; font-variant-numeric: tabular-nums lining-nums; }
table.matrix tr.negative > th { font-style: italic; } table.matrix tr.negative > th .note { font-style: normal; }
table.matrix td.none { background: repeating-linear-gradient(135deg, transparent 0 7px, var(--faint) 7px 8px); }
.version { white-space: nowrap; color: var(--muted); font-size: .8125rem; border: 1px solid var(--rule); border-radius: 3px; padding: 0 .3rem; }
.lead { margin-top: .5rem; }
.headlines { list-style: none; margin: 1rem 0 0; padding: 0; } .headlines li { padding: .3rem 0; }
.headlines .says { font-size: .9375rem; max-width: 50rem; }
`;
