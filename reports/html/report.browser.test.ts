// The report in a real browser: scripts off where nothing is said, its own strict policy, both schemes, a phone's width and a desk's.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderRun, renderSuite } from '../render.ts';
import { hostileRuns } from '../testing/hostile.ts';
import { versionSuite } from '../testing/sample-matrix.ts';
import { failedRun, inconclusiveRun, mixedSuite, repeatedSuite, requiredRun, violatedRun } from '../testing/sample-records.ts';

const executablePath = '/usr/bin/chromium';
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const schemes = ['light', 'dark'] as const;
const widths = [360, 1440] as const;

/** One long word in every text: nothing may push the page wider than the screen. */
const shortSuite = { ...mixedSuite, runs: [violatedRun, requiredRun, inconclusiveRun, failedRun] };
const longWords = { ...mixedSuite, runs: hostileRuns(`${'unbroken'.repeat(12)} & <b>bold</b>`) };

const documents = {
  suite: renderSuite(shortSuite)['report.html']!, repeated: renderSuite({ ...repeatedSuite, runs: repeatedSuite.runs.filter(({ repetition }) => repetition < 4) })['report.html']!, 'long words': renderSuite(longWords)['report.html']!,
  versions: renderSuite(versionSuite)['report.html']!, 'one run': renderRun(violatedRun)['report.html']!,
} as const;
const names = Object.keys(documents) as (keyof typeof documents)[];
/** The scheme changes colours only, so every document is measured in one, and the one of a run is looked at in both. */
const layouts = names.flatMap((name) => widths.map((width) => ({ name, colorScheme: 'light', width }) as const));
const looks = [...schemes.flatMap((colorScheme) => widths.map((width) => ({ name: 'one run', colorScheme, width, folded: width === 360 }) as const)), { name: 'suite', colorScheme: 'light', width: 360, folded: true } as const, { name: 'versions', colorScheme: 'dark', width: 1440, folded: true } as const];

/** Two letters or digits of different elements with nothing between them, in one line of text as the browser lays it out. */
const runTogether = `(() => {
  const lineOf = (node) => { let element = node.parentElement; while (getComputedStyle(element).display === 'inline') element = element.parentElement; return element; };
  // A drawing or a line break keeps them apart.
  const isParted = (a, b) => { const range = document.createRange(); range.setStartAfter(a); range.setEndBefore(b); return range.cloneContents().querySelector('svg, br, wbr') !== null; };
  // A filter of the walker's own would be a callback, which a sandboxed page does not run.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const next = () => { let node = walker.nextNode(); while (node !== null && node.parentElement.closest('svg, style, script')) node = walker.nextNode(); return node; };
  const found = [];
  for (let before = null, node = next(); node !== null; before = node, node = next()) {
    if (before !== null && /[\\p{L}\\d.]$/u.test(before.data) && /^[\\p{L}\\d]/u.test(node.data) && lineOf(before) === lineOf(node) && !isParted(before, node)) found.push(before.data.slice(-40) + '|' + node.data.slice(0, 40));
  }
  return found;
})()`;

if (!existsSync(executablePath)) test.skip('not runnable here: no Chromium at /usr/bin/chromium', () => {});

describe.runIf(existsSync(executablePath))('in Chromium', { timeout: 240_000 }, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leaderfall-report-'));
    for (const name of names) await writeFile(join(folder, `${name}.html`), documents[name]);
    browser = await chromium.launch({ executablePath, args: flags });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  interface View { readonly name: keyof typeof documents; readonly colorScheme: 'light' | 'dark'; readonly width: number; readonly scripts?: boolean }

  /** Opens a report and fails on anything that it asks for, or that its policy refuses. */
  async function withPage(view: View, look: (page: Page) => Promise<void>): Promise<void> {
    await using context = await browser.newContext({ javaScriptEnabled: view.scripts ?? false, colorScheme: view.colorScheme, viewport: { width: view.width, height: 900 } });
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => { if (!request.isNavigationRequest()) requests.push(request.url()); });
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(pathToFileURL(join(folder, `${view.name}.html`)).href);
    await look(page);
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
  }

  const openAll = (page: Page): Promise<void> => page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');

  test.each(layouts)('$name, $width px: nothing is wider than the screen, folded or open, scripts off', async (view) => {
    await withPage(view, async (page) => {
      const overflow = (): Promise<unknown> => page.evaluate(`(() => {
        const width = document.documentElement.clientWidth;
        const wide = [...document.querySelectorAll('body *')].filter((element) => !element.closest('svg') && !element.closest('.hidden') && !element.closest('thead') && element.getBoundingClientRect().right > width + 0.5);
        return { scroll: document.documentElement.scrollWidth - width, wide: wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 160)) };
      })()`);
      expect(await overflow()).toEqual({ scroll: 0, wide: [] });
      await openAll(page);
      expect(await overflow()).toEqual({ scroll: 0, wide: [] });
    });
  });

  // Axe needs up to 24 s of one processor for each.
  test.concurrent.each(looks)('$name, $colorScheme, $width px, folded $folded: axe finds nothing critical or serious', async (view) => {
    await withPage({ ...view, scripts: true }, async (page) => {
      if (!view.folded) await openAll(page);
      const whole = new AxeBuilder({ page });
      // The sections of runs are looked at in the document of one.
      const { violations } = await (view.name === 'versions' ? whole.include('#matrix-kafka').include('#client-truth') : view.name === 'suite' ? whole.include('#matrix-kafka').include('#summary') : whole).analyze();
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(grave.map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)}: ${failureSummary}`) }))).toEqual([]);
    });
  });

  test('the first screen says what was lost, why and by whom', async () => {
    await withPage({ name: 'suite', colorScheme: 'light', width: 1440 }, async (page) => {
      for (const words of ['1 violated it', '12 acknowledged messages lost', 'rabbitmq-2, leader of the queue, was killed', 'the broker had acknowledged them and lost them', 'by the broker']) {
        const box = await page.getByText(words).first().boundingBox();
        expect(box!.y + box!.height, words).toBeLessThan(900);
      }
    });
  });

  test.each(['suite', 'versions'] as const)('%s: words stay apart where a server allows no style of ours, as Jenkins does', async (name) => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "sandbox; default-src 'none'; img-src 'self'; style-src 'self'" }).end(documents[name]);
    }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      await using context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      expect(await page.evaluate('getComputedStyle(document.querySelector("span.note")).display')).toBe('inline');
      expect(await page.evaluate(runTogether)).toEqual([]);
      if (name === 'suite') expect(await page.evaluate('document.body.innerText')).toMatch(/violated must not lose\s+41,210 acknowledged\s+12 by the broker/);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  test('a link to evidence goes to it, and the keyboard reaches it', async () => {
    await withPage({ name: 'one run', colorScheme: 'light', width: 1440 }, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the report');
      await page.getByRole('link', { name: 'lost: examples' }).press('Enter');
      expect(await page.getByText('rabbitmq-2 came back').first().isVisible()).toBe(true);
    });
  });

  test('on paper everything folded is open, on a light ground', async () => {
    await withPage({ name: 'one run', colorScheme: 'dark', width: 1440 }, async (page) => {
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(253, 252, 249)');
      expect(await page.evaluate('[...document.querySelectorAll("details > .folded")].filter((part) => part.getBoundingClientRect().height === 0 || !part.checkVisibility({ contentVisibilityAuto: true })).length')).toBe(0);
    });
  });

  test('tables keep their roles when stacked', async () => {
    await withPage({ name: 'suite', colorScheme: 'light', width: 360 }, async (page) => {
      const table = page.locator('#summary').getByRole('table');
      expect(await table.getByRole('row').count()).toBe(1 + shortSuite.runs.length);
      expect(await table.getByRole('rowheader').count()).toBe(shortSuite.runs.length);
      expect(await table.getByRole('columnheader').count()).toBe(6);
    });
  });

  test('a browser’s own XML parser reads the JUnit file of hostile runs', async () => {
    await withPage({ name: 'suite', colorScheme: 'light', width: 1440, scripts: true }, async (page) => {
      // The report's own policy lets nothing parse text.
      await page.goto('about:blank');
      for (const text of [']]>]]><x/>', '\u0000\u001b[31m\ud800', '"><b>&amp']) {
        const xml = renderSuite({ ...mixedSuite, runs: hostileRuns(text) })['junit.xml']!;
        expect(await page.evaluate(`(() => { const document = new DOMParser().parseFromString(${JSON.stringify(xml)}, 'text/xml'); return [document.querySelectorAll('parsererror, x, b').length, document.querySelectorAll('testsuite').length]; })()`)).toEqual([0, 3]);
      }
    });
  });
});
