import { expect, test } from 'vitest';
import { diagnoseBoot } from './boot-failure.ts';

const line = (text: string) => `2026-11-23 15:01:30.293209+00:00 [error] <0.144.0> ${text}`;

test.each([
  { bare: 'last', streams: (logged: readonly string[], bare: readonly string[]) => [...logged, ...bare] },
  { bare: 'first', streams: (logged: readonly string[], bare: readonly string[]) => [...bare, ...logged] },
])('a refused value is told in the broker\'s own words, with the bare banner $bare', ({ streams }) => {
  const log = streams([
    '2026-11-23 15:01:30.1+00:00 [info] <0.144.0> starting',
    line('Error preparing configuration in phase transform_datatypes:'),
    line('  - Error transforming datatype for: heartbeat'),
    line('  - "banana" cannot be converted to a(n) integer'),
    line(''),
    line('BOOT FAILED'),
    line('Error during startup: {error,failed_to_prepare_configuration}'),
    line('    supervisor: {local,rabbit_prelaunch_sup}'),
  ], ['', 'BOOT FAILED', '===========', 'Error during startup: {error,failed_to_prepare_configuration}', '']).join('\n');
  expect(diagnoseBoot(log)).toEqual({
    kind: 'setting',
    lines: ['Error preparing configuration in phase transform_datatypes:', '  - Error transforming datatype for: heartbeat', '  - "banana" cannot be converted to a(n) integer'],
  });
});

test('a file that is no configuration is a setting too', () => {
  const log = [line('Error parsing configuration:'), line('  - Syntax error in 50-file.conf'), '', 'BOOT FAILED', 'Error during startup: {error,failed_to_parse_configuration_file}'].join('\n');
  expect(diagnoseBoot(log)).toMatchObject({ kind: 'setting', lines: ['Error parsing configuration:', '  - Syntax error in 50-file.conf'] });
});

test('Mnesia\'s complaint about its peers is worth another start', () => {
  expect(diagnoseBoot('BOOT FAILED\nexception error: {node_not_running}\n rabbit_mnesia:check_mnesia_consistency/1')).toMatchObject({ kind: 'transient' });
});

test('any other exit is not explained away', () => {
  expect(diagnoseBoot('eheap_alloc: Cannot allocate 762886488 bytes of memory')).toEqual({ kind: 'unknown' });
});
