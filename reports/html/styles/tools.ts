// What the script adds: controls, the cursor, and what a reader took from sight. On paper there is none of it.

export const toolStyles = `
.tools { font-size: .8125rem; line-height: 1.4; padding: .5rem 0; }
.tools .row { display: flex; flex-wrap: wrap; align-items: center; gap: .35rem .6rem; }
.tools label { color: var(--muted); display: inline-flex; align-items: center; gap: .35rem; } .tools [hidden] { display: none; }
.tools button, .tools select, .tools input[type=search], .legend button, .cell button { font: inherit; color: var(--ink); background: var(--wash); border: 1px solid var(--rule); border-radius: 3px; padding: .12rem .5rem; min-height: 1.6rem; max-width: 100%; }
.tools button:hover, .legend button:hover, .cell button:hover { border-color: var(--muted); } .tools button[aria-disabled=true] { color: var(--muted); background: none; }
.tools input[type=range] { flex: 1 1 10rem; min-width: 6rem; accent-color: var(--link); margin: 0; }
.legend button { background: none; border-color: transparent; padding: 0 .3rem 0 0; min-height: 1.5rem; color: inherit; cursor: pointer; }
.legend button[aria-pressed=false] { text-decoration: line-through; } .legend button[aria-pressed=false] svg { opacity: .25; }
.time-tools { margin-top: 1.4rem; border-top: 1px solid var(--rule); background: var(--paper); }
.time-tools + .block { border-top: 0; margin-top: 0; padding-top: .2rem; }
.readings { display: flex; flex-wrap: wrap; gap: 0 1rem; min-height: 2.8em; max-width: none; margin-top: .3rem; font-variant-numeric: tabular-nums lining-nums; }
.readings span:first-child:not(.muted) { font-weight: 650; }
.cursor { stroke: var(--ink); stroke-width: 1; pointer-events: none; } .brush { fill: var(--link); fill-opacity: .18; pointer-events: none; }
.live { cursor: crosshair; touch-action: pan-y; user-select: none; -webkit-user-select: none; } .live [data-cell] { cursor: pointer; }
@media screen { .out, .off { display: none !important; } }
@media screen and (min-width: 721px) and (min-height: 600px) { .time-tools { position: sticky; top: 0; z-index: 2; } .charts { --stuck: 6rem; } .charts .block, .charts [id] { scroll-margin-top: var(--stuck); } }
@media print { .tools, .cell button { display: none; } .cursor, .brush { display: none; } .legend button { border: 0; text-decoration: none !important; } .legend svg { opacity: 1 !important; } }
`;
