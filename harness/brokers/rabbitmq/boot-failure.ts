// Reads a node's last log lines after it exited while booting: a setting it refuses, a start worth repeating, or neither. Pure.

export type BootFailure =
  /** `lines`: what the broker itself said about the setting. */
  | { readonly kind: 'setting'; readonly lines: readonly string[] }
  /** Another start usually works. */
  | { readonly kind: 'transient'; readonly reason: string }
  | { readonly kind: 'unknown' };

/**
 * Nodes on Mnesia (the default before 4.2) sometimes exit when all of them start at once, and come up when started again.
 * The same texts appear when a node gave up waiting for its peers.
 */
const transientReasons = /check_mnesia_consistency|inconsistent_database|node_not_running|timeout_waiting_for_tables|timeout_waiting_for_khepri_leader|failed_to_cluster_with|schema_integrity_check_failed|\berlang_dist_(?:no_response|noproc)\b/;
const refusedConfiguration = /failed_to_(?:prepare|parse|read)_configuration|failed_to_parse_advanced_configuration|failed_to_import_definitions/;

export function diagnoseBoot(log: string): BootFailure {
  if (refusedConfiguration.test(log)) return { kind: 'setting', lines: settingLines(log) };
  const reason = transientReasons.exec(log)?.[0];
  return reason === undefined ? { kind: 'unknown' } : { kind: 'transient', reason };
}

const prefix = /^(?:\S+ \S+ )?\[error\] <[\d.]+> ?/;

/**
 * The error lines before the banner: cuttlefish names the key, what is wrong with it, and what may have been meant. The banner is told twice,
 * by the log and bare on the other stream, and the engine may put the bare one first.
 */
function settingLines(log: string): readonly string[] {
  const lines = log.split('\n');
  const logged = lines.filter((line) => prefix.test(line));
  const before = untilBanner(logged.some(isBanner) ? logged : lines).filter((line) => prefix.test(line));
  const said = before.map((line) => line.replace(prefix, '').trimEnd()).filter((line) => line.trim() !== '');
  return said.length > 0 ? [...new Set(said)] : lines.filter((line) => refusedConfiguration.test(line)).slice(0, 1);
}

const isBanner = (line: string): boolean => line.includes('BOOT FAILED');

function untilBanner(lines: readonly string[]): readonly string[] {
  const banner = lines.findIndex(isBanner);
  return lines.slice(0, banner === -1 ? undefined : banner);
}
