// What the kernel lets a sidecar do to a network, by trying each thing once and taking it back, in one command.
import type { NetAbility, NetCapability } from '../../model/engine.ts';

/** Reserved for documentation (RFC 5737): no packet goes there. */
const nowhere = '192.0.2.1';

const trials = {
  dropping: `for verb in A D; do iptables -w 5 -$verb INPUT -s ${nowhere} -m comment --comment leaderfall-trial -j DROP || exit 1; done`,
  packetLoss: `for verb in A D; do iptables -w 5 -$verb INPUT -s ${nowhere} -m statistic --mode random --probability 0.5 -j DROP || exit 1; done`,
  bandwidth: [
    'tc qdisc add dev lo root handle fff0: htb default 0 || exit 1',
    "trap 'tc qdisc del dev lo root' EXIT",
    'tc class add dev lo parent fff0: classid fff0:1 htb rate 1gbit && tc qdisc add dev lo parent fff0:1 bfifo limit 1000000'
      + ` && tc filter add dev lo parent fff0: protocol ip prio 1 u32 match ip dst ${nowhere}/32 flowid fff0:1`,
  ].join('\n'),
} as const;
type Trial = keyof typeof trials;

const deeds: Readonly<Record<Trial, string>> = { dropping: 'iptables works', packetLoss: 'packets can be dropped by chance', bandwidth: 'traffic can be shaped by receiver' };

/** Prints one line for each trial: its name, its exit code, and what it said. */
export const netTrialCommand: readonly string[] = ['bash', '-c', Object.entries(trials)
  .map(([name, script]) => `said=$( ( ${script}\n) 2>&1 ); echo "${name} $? $(echo $said)"`).join('\n')];

/** Reads what `netTrialCommand` printed. */
export function readNetTrials(output: string): NetCapability {
  const abilityOf = (name: Trial): NetAbility => {
    const [, exitCode, said = ''] = new RegExp(`^${name} (\\d+) ?(.*)$`, 'm').exec(output) ?? [];
    if (exitCode === '0') return { ok: true, reason: `${deeds[name]} in a sidecar with NET_ADMIN` };
    return { ok: false, reason: `in a sidecar: ${said || output.trim() || 'nothing was said'}` };
  };
  return { ...abilityOf('dropping'), packetLoss: abilityOf('packetLoss'), bandwidth: abilityOf('bandwidth') };
}

export const noNetAbility = (reason: string): NetCapability => ({ ok: false, reason, packetLoss: { ok: false, reason }, bandwidth: { ok: false, reason } });
