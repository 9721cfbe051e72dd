// A worker process: one producer or consumer, so that it can be killed and never shares an event loop with the chaos.
import { describeError, isLeaderfallError } from '../model/errors.ts';
import type { WorkerCommand } from '../workload/protocol.ts';
import { Worker } from '../workload/worker.ts';
import { loadBroker } from './brokers.ts';

/** This process and those that it started, where it leads a group of its own. */
function killGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}

const worker = new Worker(
  {
    send: (report) => { if (process.connected) process.send!(report); },
    die: () => killGroup(),
    exit: (code) => { process.exitCode = code; process.disconnect?.(); setTimeout(() => process.exit(code), 200).unref(); },
  },
  loadBroker,
);

// When workers stop is the conductor's to decide. A terminal's interrupt does not come here, for a worker leads a group of its own.
process.on('SIGINT', () => {});
// The client is closed and what was recorded is kept.
process.on('SIGTERM', () => { void worker.terminate(); });
// The conductor is gone: keep what was recorded and end.
process.on('disconnect', () => { worker.close(); process.exit(); });
// Drivers leak rejections of their own (kafkajs does from its crash handler): on record, and no reason to end a consumer that restarts itself. Ours, such as a full disk, do end it.
process.on('unhandledRejection', (reason) => (isLeaderfallError(reason) ? worker.fail(reason) : worker.note(`unhandled rejection in the client: ${describeError(reason)}`)));
process.on('uncaughtException', (error) => worker.fail(error));
process.on('message', (command: WorkerCommand) => { void worker.handle(command); });
