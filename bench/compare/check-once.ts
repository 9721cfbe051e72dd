// One check of a sealed run in a process of its own, so that its memory can be told. Prints one line of JSON.
import { check } from '../../harness/checkers/check.ts';
import { openHistory } from '../../harness/history/open-history.ts';

const begin = performance.now();
const idle = process.cpuUsage();
const source = await openHistory(process.argv[2]!, () => 'log');
const { measures } = await check(source);
const milliseconds = performance.now() - begin;
const { user, system } = process.cpuUsage(idle);
const count = (name: string) => measures.find(({ measure }) => measure === name)!.count;
process.stdout.write(`${JSON.stringify({ milliseconds, processorMs: (user + system) / 1_000, peakMegabytes: process.resourceUsage().maxRSS / 1024, lost: count('lost'), copies: count('copies') })}\n`);
