// Asks one node's own Erlang VM: facts that no API tells, or that it would not tell while another node is frozen.
import type { Node } from '../../model/cluster.ts';

/** `erl_call` is a small C program (60 ms with the engine's part); `rabbitmqctl` starts an Erlang VM of its own (1 s) where it is missing. */
const script = `
if command -v erl_call > /dev/null; then printf '%s\\n' "$1" | erl_call -e -n "$RABBITMQ_NODENAME"
else rabbitmqctl -q eval "$1"
fi`;

export interface EvaluateOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * @param expression Erlang that ends with a dot and gives a printable string without double quotes.
 * @throws what the node said when it gave none.
 */
export async function evaluate(node: Node, expression: string, options: EvaluateOptions): Promise<string> {
  const oneLine = expression.replaceAll(/\s+/g, ' ').trim();
  const { exitCode, output } = await node.exec(['sh', '-c', script, 'sh', oneLine], options);
  const text = /^\s*(?:\{ok, )?"([^"]*)"\}?\s*$/.exec(output)?.[1];
  if (exitCode !== 0 || text === undefined) throw new Error(`${node.id} could not answer: ${output.trim().slice(0, 500)}`);
  return text;
}

/** A queue name as Erlang source, whatever characters it has. */
export const erlangQueue = (queue: string): string => `rabbit_misc:r(<<"/">>, queue, <<${[...Buffer.from(queue)].join(',')}>>)`;
