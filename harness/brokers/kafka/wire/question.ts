// What is sent to a node to see how the way to it is: Kafka answers a question for its versions at once and to anybody.
import type { LinkQuestion } from '../../../model/engine.ts';

const apiVersionsKey = 18;

/** ApiVersions in its first form, which every broker knows: https://kafka.apache.org/protocol#The_Messages_ApiVersions */
function apiVersions(): Uint8Array {
  const client = Buffer.from('leaderfall');
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + client.length);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(apiVersionsKey, 4);
  request.writeInt16BE(client.length, 12);
  client.copy(request, 14);
  return request;
}

/** The answer lists some sixty requests with six bytes each; half of that is more than safe. */
export const linkQuestion: LinkQuestion = { greeting: apiVersions(), echo: apiVersions(), echoAnswerBytes: 180 };
