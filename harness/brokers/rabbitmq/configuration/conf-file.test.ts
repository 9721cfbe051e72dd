import { expect, test } from 'vitest';
import { parseConf, renderConf, withoutKeys } from './conf-file.ts';

const text = `# a comment
heartbeat = 20
  vm_memory_high_watermark.relative=0.5   # half
log.file = '/var/log/a#b.log' # quoted

this is no setting
listeners.ssl.default = 5671
`;

test('keys and values are read, comments are not part of a value', () => {
  expect(parseConf(text)).toEqual([
    { key: 'heartbeat', value: '20' },
    { key: 'vm_memory_high_watermark.relative', value: '0.5' },
    { key: 'log.file', value: "'/var/log/a#b.log'" },
    { key: 'listeners.ssl.default', value: '5671' },
  ]);
});

test('a line that sets a claimed key is commented out and every other line stays as written', () => {
  const left = withoutKeys(text, (key) => key.startsWith('listeners.'));
  expect(left.split('\n')).toHaveLength(text.split('\n').length);
  expect(left).toContain('# overridden by leaderfall: listeners.ssl.default');
  expect(left).toContain('this is no setting');
  expect(parseConf(left).map(({ key }) => key)).not.toContain('listeners.ssl.default');
});

test('what is rendered reads back', () => {
  const entries = [{ key: 'a.b', value: '1' }, { key: 'c', value: "'x # y'" }];
  expect(parseConf(renderConf(entries))).toEqual(entries);
});
