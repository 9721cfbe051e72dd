// For the timeline: what a library is really given, without secrets.
import { isSecretKey, redacted, redactText } from '../../../model/configuration.ts';

export const describeOptions = (options: object): string =>
  redactText(JSON.stringify(options, (key, value: unknown) => (isSecretKey(key) ? redacted : value)));
