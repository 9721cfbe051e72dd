import { expect, test } from 'vitest';
import { commandLine } from './command-line.ts';

test('the command to play a run again names a new seed, and can be pasted into a shell', () => {
  expect(commandLine(['run', 'kafka/*', '--keep'], 'ab12')).toBe("leaderfall run 'kafka/*' --keep --seed ab12");
  expect(commandLine(['run', '--seed', "it's"], null)).toBe(String.raw`leaderfall run --seed 'it'\''s'`);
});
