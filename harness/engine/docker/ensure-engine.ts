// The first thing that a run with brokers asks for: an engine that answers, installed and started if that was allowed.
import { isLeaderfallError } from '../../model/errors.ts';
import { connectEngine, type Engine } from './engine-client.ts';
import { startEngine } from './start-engine.ts';

export interface EnsureEngineOptions {
  /** Install and start an engine when none answers. */
  readonly fix: boolean;
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
}

/** @throws LeaderfallError `E_NO_ENGINE` or `E_ENGINE_PERMISSION`, each with the mend in its hint. */
export async function ensureEngine(options: EnsureEngineOptions): Promise<Engine> {
  try {
    return await connectEngine(options.signal);
  } catch (error) {
    if (!options.fix || !isLeaderfallError(error) || error.code !== 'E_NO_ENGINE') throw error;
  }
  await startEngine(options);
  const engine = await connectEngine(options.signal);
  options.onProgress(`container engine ${engine.version} answers at ${engine.address}`);
  return engine;
}
