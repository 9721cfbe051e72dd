// What a worker process starts with: Node keeps its compiled modules in the temporary folder, so that the next worker does not
// compile them again. A worker is as old as its run, and compiling is most of what its start costs.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./worker-main.ts');
