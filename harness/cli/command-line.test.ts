import { expect, test } from 'vitest';
import { commandLine } from './command-line.ts';

test('the command to play a run again names a new seed, and can be pasted into a shell', () => {
  expect(commandLine(['run', 'kafka/*', '--keep'], 'ab12')).toBe("npx leaderfall run 'kafka/*' --keep --seed ab12");
  expect(commandLine(['run', '--seed', "it's"], null)).toBe(String.raw`npx leaderfall run --seed 'it'\''s'`);
});

test('a secret that was set does not stand in the command', () => {
  expect(commandLine(['run', '--set', 'producer.options.apiKey=two words', '--set=producer.options.sasl.password=hunter2', '--set', 'payloadBytes=10'], null))
    .toBe("npx leaderfall run --set 'producer.options.apiKey=‹redacted›' '--set=producer.options.sasl.password=‹redacted›' --set payloadBytes=10");
});
