// The report's own parts: masthead, verdict band, key figures, margin headings, marks.

const results = ['upheld', 'required', 'violated', 'inconclusive', 'failed', 'interrupted'] as const;

const resultStyles = results.map((result) => `
.mark.${result} { color: var(--${result}); }
.cell.${result} { --cell: var(--${result}-wash); }
.band.${result} { --edge: var(--${result}); background: var(--${result}-wash); }`).join('');

export const partStyles = `
.definitions { position: absolute; }
.masthead { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1.5rem; font-size: .875rem; color: var(--muted); border-bottom: 1px solid var(--rule); padding-bottom: .6rem; margin-bottom: 1.75rem; }
.masthead strong { color: var(--ink); font-weight: 650; letter-spacing: .01em; }
.overview { margin-top: 1.75rem; }
.overview th a { font-weight: 600; } .says { display: block; color: var(--muted); font-size: .8125rem; line-height: 1.45; max-width: 34rem; text-wrap: pretty; }
.overview tbody > tr > * { padding-top: .55rem; padding-bottom: .55rem; }
.repeats { display: flex; flex-wrap: wrap; gap: .1rem .6rem; font-size: .8125rem; }

.mark { font-weight: 650; }
td .mark { white-space: nowrap; }
.glyph { width: 1em; height: 1em; vertical-align: -.12em; margin-right: .4em; flex: none; }
.on-mark { stroke: var(--on-mark); }
${resultStyles}

article { margin-top: 3.5rem; padding-top: 1.5rem; border-top: 2px solid var(--ink); }
h1.hidden + article { margin-top: 0; padding-top: 0; border-top: 0; }
article > header .note { font-size: .9375rem; max-width: 46rem; }
.band { margin: 1rem 0 0; padding: 1rem 1.25rem 1.1rem 1.5rem; position: relative; }
.band::before { content: ""; position: absolute; inset: 0 auto 0 0; width: 6px; background: var(--edge); }
.band.inconclusive::before { background: repeating-linear-gradient(45deg, var(--edge) 0 4px, transparent 4px 8px); }
.band.violated::before { width: 10px; background: linear-gradient(90deg, var(--edge) 0 4px, transparent 4px 6px, var(--edge) 6px); }
.band.failed::before, .band.interrupted::before { background: repeating-linear-gradient(0deg, var(--edge) 0 6px, transparent 6px 10px); }
.band.required::before { background: repeating-linear-gradient(0deg, var(--edge) 0 14px, transparent 14px 17px); }
.band .mark { font-size: 1.0625rem; }
.band .sentence { font-size: 1.1875rem; line-height: 1.45; margin-top: .35rem; text-wrap: pretty; max-width: 50rem; }
.figures { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin-top: .9rem; }
.figures > div { min-width: 0; max-width: 100%; overflow-wrap: anywhere; }
.figures dt { font-size: .8125rem; color: var(--muted); }
.figures dd { font-size: 1.375rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums lining-nums; letter-spacing: -.01em; }
.figures .bad dd > data { color: var(--violated); } .figures .asked dd > data { color: var(--required); }

.block { display: grid; grid-template-columns: var(--margin) minmax(0, 1fr); gap: .4rem var(--gap); padding: 1.4rem 0 0; margin-top: 1.4rem; border-top: 1px solid var(--rule); }
.block > h3 { padding-top: .05rem; }
.content > .figures:first-child { margin-top: 0; }
.content > * + * { margin-top: .7rem; }
.flag { font-weight: 650; color: var(--violated); }
ol.story { list-style: none; margin: 0; padding: 0; font-size: .875rem; border-left: 2px solid var(--rule); }
ol.story li { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); gap: .75rem; padding: .22rem 0 .22rem .8rem; }
ol.story .when { font-variant-numeric: tabular-nums lining-nums; text-align: right; color: var(--muted); white-space: nowrap; }
.told > * + *, .folded > pre + p { margin-top: .6rem; }
ul.beside { font-size: .8125rem; color: var(--muted); }
ol.story .around { color: var(--muted); font-style: italic; background: var(--wash); }
tr.overridden > th, tr.overridden > td { background: var(--inconclusive-wash); }
tr.overridden .was { color: var(--inconclusive); font-weight: 650; font-family: var(--text); }
.end { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--rule); font-size: .875rem; color: var(--muted); }
`;
