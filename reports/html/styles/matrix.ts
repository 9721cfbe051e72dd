// The matrix of policies and faults, and the first screen's sentences.

export const matrixStyles = `
section.overview > h2 { font-size: 1.125rem; }
.overview > p.note { font-size: .875rem; max-width: 50rem; }
table.matrix, table.matrix caption, table.matrix tbody { display: block; }
table.matrix { margin-top: 1.1rem; font-size: .8125rem; line-height: 1.4; }
table.matrix tbody > tr { display: grid; grid-template-columns: var(--margin) minmax(0, 1fr); gap: 0 1rem; border-bottom: 1px solid var(--faint); }
table.matrix caption { position: sticky; top: 0; z-index: 1; background: var(--paper); color: var(--ink); font-weight: 650; font-size: .875rem; padding: .3rem 0; border-bottom: 1px solid var(--ink); }
table.matrix th[scope=row] { font-weight: 600; padding-top: .8rem; overflow-wrap: anywhere; } table.matrix tbody > tr > * { border: 0; }
ul.cells { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .4rem; padding: .1rem 0; }
ul.cells > li { padding: .35rem .6rem .4rem; border-left: 3px solid var(--rule); overflow-wrap: anywhere; min-width: 0; }
ul.cells > li.cell { background: var(--cell); }
ul.cells > li.left-out { background: repeating-linear-gradient(135deg, transparent 0 7px, var(--faint) 7px 8px); color: var(--muted); }
.policy { font-weight: 600; } .policy.negative { font-style: italic; } .twin { color: var(--muted); white-space: nowrap; } .twin::before { content: "· "; }
.outcome { display: block; } .outcome a { text-decoration: none; } .outcome a:hover { text-decoration: underline; } .worst { font-variant-numeric: tabular-nums lining-nums; }
.version { white-space: nowrap; color: var(--muted); font-size: .8125rem; border: 1px solid var(--rule); border-radius: 3px; padding: 0 .3rem; }
.lead { margin-top: .5rem; }
.headlines { list-style: none; margin: 1rem 0 0; padding: 0; } .headlines li { padding: .3rem 0; }
.headlines .says { font-size: .9375rem; max-width: 50rem; }
`;
