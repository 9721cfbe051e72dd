// A process that starts the scripted program as a worker would, for tests that kill it: `host.ts FOLDER HABIT…`.
import { LeaderfallError } from '../../../model/errors.ts';
import { ProgramProducer } from '../program-producer.ts';
import { Place, producerSpec } from './place.ts';

const place = new Place(process.argv[2]!);
const producer = new ProgramProducer({
  context: place.context, program: place.program(...process.argv.slice(3)), broker: place.broker(), producer: producerSpec,
  onFailure: (error) => { throw new LeaderfallError('E_INTERNAL', 'the program failed', { cause: error }); },
});
await producer.connect(AbortSignal.timeout(10_000));
process.on('message', () => {});
process.send!('ready');
