// How the document reads: measure, headings, links, tables, folded parts.

export const textStyles = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--text); font-variant-numeric: lining-nums; overflow-wrap: break-word; }
.page { max-width: 1100px; margin: 0 auto; padding: 2.25rem 2rem 4rem; }
h1, h2, h3, h4, p, dl, dd, ol, ul, figure, table { margin: 0; }
h1 { font-size: 1.625rem; line-height: 1.28; font-weight: 650; letter-spacing: -.012em; text-wrap: balance; max-width: 56rem; }
h2 { font-size: 1.35rem; line-height: 1.3; font-weight: 650; letter-spacing: -.008em; overflow-wrap: anywhere; }
h3 { font-size: .9375rem; line-height: 1.4; font-weight: 650; }
h4 { font-size: .9375rem; font-weight: 650; margin: 1.25rem 0 .35rem; }
p { max-width: 46rem; overflow-wrap: anywhere; }
p + p { margin-top: .6rem; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .18em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
:target { scroll-margin-top: 1rem; } .folded:target, .told:target { scroll-margin-top: 4rem; }
tr:target > *, li:target, details:target > summary, details:has(> :target) > summary, .sought { background: var(--wash); }
code, pre { font-family: var(--code); font-size: .875em; overflow-wrap: anywhere; }
pre { margin: .5rem 0 0; padding: .75rem .9rem; background: var(--wash); border-left: 3px solid var(--rule); white-space: pre-wrap; line-height: 1.45; }
.command { display: block; padding: .6rem .9rem; background: var(--wash); border-left: 3px solid var(--rule); user-select: all; white-space: pre-wrap; }
.muted, .note { color: var(--muted); }
.note { display: block; font-size: .8125rem; line-height: 1.4; font-weight: 400; letter-spacing: 0; }
.hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--paper); padding: .5rem .75rem; z-index: 1; }
.skip:focus { top: .5rem; }

table { width: 100%; border-collapse: collapse; font-size: .875rem; line-height: 1.45; }
caption { text-align: left; color: var(--muted); padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: baseline; padding: .42rem .9rem .42rem 0; border-bottom: 1px solid var(--faint); font-weight: 400; }
.long { overflow-wrap: anywhere; min-width: 10rem; } th.name { min-width: 16rem; overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-size: .8125rem; border-bottom: 1px solid var(--rule); vertical-align: bottom; overflow-wrap: normal; white-space: normal !important; }
tbody tr:last-child > * { border-bottom: 0; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }
th.code, td.code { font-family: var(--code); font-size: .8125rem; }
thead th.code { font-family: var(--text); }
tr.bad > th { font-weight: 650; }

details { margin-top: .6rem; }
.content > details:first-child { margin-top: 0; }
summary { cursor: pointer; width: fit-content; max-width: 100%; overflow-wrap: anywhere; }
summary::marker { color: var(--muted); }
.folded { padding: .6rem 0 .4rem; }
ol.plain { padding-left: 1.4rem; } ol.plain li { padding-left: .2rem; overflow-wrap: anywhere; }
ul.plain { padding-left: 1.1rem; } ul.plain li { overflow-wrap: anywhere; }
ul.plain li + li { margin-top: .3rem; }
dl.pairs { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: .25rem 1.25rem; font-size: .875rem; }
dl.pairs dt { color: var(--muted); } dl.pairs dd { overflow-wrap: anywhere; }
`;
