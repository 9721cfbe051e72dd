// A user's client for tests: a process of its own that speaks the protocol, over a file instead of a broker. Usage: program.mjs FILE HABIT…
// What it stores and what it does is in the file, one line each, so that a test can compare it with what the worker recorded.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [file, ...habits] = process.argv.slice(2);
const has = (habit) => habits.includes(habit);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const done = (what) => appendFileSync(file, `${what}\n`);

let waiting = [];
let count = 0;

function publish({ id, messages }) {
  if (has('dies')) {
    console.error('about to die of a broken heart');
    process.exit(3);
  }
  if (has('mute')) return;
  if (has('prints')) return console.log('Published something!');
  if (has('miscounts')) return say({ type: 'published', id, outcomes: [...messages, messages[0]].map(() => ({ outcome: 'ok' })) });
  if (has('invents')) return say({ type: 'published', id: id + 1000, outcomes: [{ outcome: 'ok' }] });
  if (has('misspells')) return say({ type: 'published', id, outcomes: messages.map(() => ({ outcome: 'okay' })) });
  const outcomes = messages.map(({ payload, partition }) => {
    done(payload);
    return { outcome: 'ok', partition: partition ?? 0, offset: count++ };
  });
  if (!has('reverses')) return say({ type: 'published', id, outcomes });
  waiting.unshift({ type: 'published', id, outcomes });
  if (waiting.length === 4) for (const line of waiting.splice(0)) say(line);
}

/** Each payload of the file becomes a message; batches of three. */
function deliver() {
  const payloads = readFileSync(file, 'utf8').split('\n').filter((line) => line !== '' && !line.includes(' '));
  for (let batch = 0; batch * 3 < payloads.length; batch++) {
    const messages = payloads.slice(batch * 3, batch * 3 + 3).map((payload, position) => ({ payload, offset: batch * 3 + position }));
    const delivered = { type: 'delivered', batch, messages };
    if (has('hurries')) process.stdout.write(`${JSON.stringify(delivered)}\n${JSON.stringify({ type: 'processed', batch })}\n`);
    else say(delivered);
  }
}

let settle = 'after-processing';
let store = 'queue';

/** The order that docs/bring-your-own-client.md gives for each settle mode. */
function recorded({ of, batch, messages, refuse = [], requeue }) {
  done(`recorded ${of} ${batch}`);
  const kept = messages.filter((position) => !refuse.includes(position));
  if (of === 'delivered' && has('settles-first')) say({ type: 'settled', batch });
  else if (of === 'delivered' && settle === 'before-processing') say({ type: 'settled', batch });
  else if (of === 'delivered' || (of === 'settled' && settle === 'before-processing')) say({ type: 'processed', batch });
  else if (of === 'processed' && settle === 'after-processing') {
    if (refuse.length > 0) say({ type: 'rejected', batch, messages: refuse, requeue });
    if (kept.length > 0) say({ type: 'settled', batch, messages: kept });
  } else if (of === 'processed' && settle === 'automatic' && store === 'log') say({ type: 'settled', batch });
}

function hello(line) {
  done(`hello ${JSON.stringify(line)}`);
  ({ settle = settle, store } = line);
  if (has('silent')) return;
  if (has('refuses')) return say({ type: 'error', message: 'no broker answers' });
  if (has('babbles')) return process.stdout.write('x'.repeat(20 * 1024 * 1024));
  if (has('parent')) {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    done(`child ${child.pid}`);
  }
  done(`pid ${process.pid}`);
  if (has('complains')) for (let line = 0; line < 300; line++) console.error(`complaint ${line}`);
  say({ type: 'ready', protocol: has('ancient') ? 0 : 1, client: 'scripted 1.0' });
  if (line.role !== 'consumer') return;
  say({ type: 'assigned', partition: 0 });
  if (existsSync(file)) deliver();
}

function take(line) {
  if (line.type === 'hello') hello(line);
  else if (line.type === 'publish') publish(line);
  else if (line.type === 'flush') say({ type: 'flushed', id: line.id, ...(has('leaks') ? { error: 'the connection was lost' } : {}) });
  else if (line.type === 'recorded') recorded(line);
  else if (line.type === 'close' && !has('stays')) {
    done('closed properly');
    process.exit(0);
  }
}

createInterface({ input: process.stdin }).on('line', (text) => take(JSON.parse(text))).on('close', () => { if (!has('deaf')) process.exit(0); });
if (has('deaf')) setInterval(() => {}, 1000);
