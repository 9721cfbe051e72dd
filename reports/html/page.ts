// The document around a report: one file, nothing fetched, readable where scripts and style sheets are blocked.
import { createHash } from 'node:crypto';
import { patternDefinitions } from './glyphs.ts';
import { markup, trusted, type Content } from './markup.ts';
import { script } from './script/script.ts';
import { chartStyles } from './styles/charts.ts';
import { matrixStyles } from './styles/matrix.ts';
import { mediaStyles } from './styles/media.ts';
import { partStyles } from './styles/parts.ts';
import { textStyles } from './styles/text.ts';
import { toolStyles } from './styles/tools.ts';
import { tokens } from './styles/tokens.ts';

/** For those who read it as XML, as tests do, the script's signs are text. */
const scriptText = `//<![CDATA[\n${script}\n//]]>`;
const scriptHash = createHash('sha256').update(scriptText).digest('base64');

/** Nothing may load, and nothing may run but this very script, which may not make markup of text: the document also survives a server that adds its own policy (Jenkins: playwright #17159, htmlpublisher-plugin #606). */
export const contentSecurityPolicy = `default-src 'none'; script-src 'sha256-${scriptHash}'; style-src 'unsafe-inline'; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'`;

const styleSheet = [tokens, textStyles, partStyles, matrixStyles, chartStyles, toolStyles, mediaStyles].join('').replaceAll(/\n\s*/g, '\n').trim();

export interface Page {
  readonly title: string;
  readonly masthead: Content;
  readonly main: Content;
  readonly end: Content;
}

export function renderPage({ title, masthead, main, end }: Page): string {
  return `<!DOCTYPE html>
${markup`<html lang="en"><head><meta charset="utf-8"/><meta http-equiv="Content-Security-Policy" content="${trusted(contentSecurityPolicy)}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/><meta name="color-scheme" content="light dark"/><meta name="referrer" content="no-referrer"/>
<title>${title}</title>
<style>${trusted(styleSheet)}</style></head>
<body>${patternDefinitions}<a class="skip" href="#report">Skip to the report</a>
<div class="page"><header class="masthead">${masthead}</header>
<main id="report">${main}</main>
<footer class="end">${end}</footer></div>
<script>${trusted(scriptText)}</script></body></html>
`.source}`;
}
