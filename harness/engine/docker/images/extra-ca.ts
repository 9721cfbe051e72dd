// The certificate authorities that this machine trusts beyond the public ones, such as a company's proxy: a build that
// fetches over HTTPS must trust them too.
import { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';

const localFolder = '/usr/local/share/ca-certificates';
const systemBundle = '/etc/ssl/certs/ca-certificates.crt';

/** The authorities in these PEM texts that are not in `known` (SHA-256 fingerprints) and not expired, each once. */
export function selectExtraAuthorities(pemTexts: readonly string[], known: ReadonlySet<string>, now: Date): string[] {
  const extra = new Map<string, string>();
  for (const pem of pemTexts.flatMap(certificatesIn)) {
    const certificate = parseCertificate(pem);
    if (!certificate?.ca || certificate.validToDate < now || known.has(certificate.fingerprint256)) continue;
    extra.set(certificate.fingerprint256, pem);
  }
  return [...extra.values()];
}

/** Reads the bundles that the environment names and the system's own. Files that are missing count as empty. */
export async function findExtraAuthorities(env: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const local = await readdir(localFolder).catch(() => []);
  const bundles = [env['NODE_EXTRA_CA_CERTS'], env['SSL_CERT_FILE'], systemBundle].filter((file) => file !== undefined);
  const files = new Set([...bundles, ...local.filter((name) => name.endsWith('.crt')).map((name) => join(localFolder, name))]);
  const texts = await Promise.all([...files].map((file) => readFile(file, 'utf8').catch(() => '')));
  const known = new Set(rootCertificates.map((pem) => new X509Certificate(pem).fingerprint256));
  return selectExtraAuthorities(texts, known, new Date());
}

function certificatesIn(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

/** A bundle may hold a block that OpenSSL cannot read; the others still count. */
function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
