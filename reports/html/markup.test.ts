import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../testing/hostile.ts';
import { descendants, parseXml, textOf } from '../testing/parse-xml.ts';
import { plainText } from '../summary/plain-text.ts';
import { escapeHtml, externalLink, markup, slug } from './markup.ts';

test('any text stays text, in content and in a quoted attribute', () => {
  fc.assert(fc.property(anyText, (text) => {
    const element = parseXml(markup`<p title="${text}">${text}</p>`.source);
    expect(element.children).toEqual([]);
    expect(element.text).toBe(plainText(text));
    expect(element.attributes).toEqual({ title: plainText(text) });
  }), { numRuns: 500 });
});

test('what is escaped is shown as it was written', () => {
  expect(escapeHtml(`<a href="x" onclick='y'>&amp;\``)).toBe('&lt;a href=&quot;x&quot; onclick=&#39;y&#39;&gt;&amp;amp;&#96;');
});

test('markup nests without a second escape; nothing and false vanish', () => {
  expect(markup`<b>${[markup`<i>${'<'}</i>`, null, undefined, false, 3]}</b>`.source).toBe('<b><i>&lt;</i>3</b>');
});

test('an object that only looks like markup cannot be passed off as it', () => {
  const record = JSON.parse('{"name":"<script>"}') as { name: string };
  expect(markup`${record.name}`.source).toBe('&lt;script&gt;');
});

test('only http and https become links', () => {
  fc.assert(fc.property(anyText, (text) => {
    const element = parseXml(externalLink(text).source);
    expect(textOf(element)).toBe(plainText(text));
    if (element.name === 'a') expect(element.attributes['href']).toMatch(/^https?:\/\//i);
    expect(descendants(element)).toEqual([]);
  }));
  expect(parseXml(externalLink('javascript:alert(1)').source).name).toBe('span');
  expect(parseXml(externalLink('https://kafka.apache.org/41/#acks').source).name).toBe('a');
});

test('a slug is an id and a fragment, whatever the name', () => {
  fc.assert(fc.property(anyText, (text) => { expect(slug(text)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/); }));
});
