// A small strict XML reader for tests: it refuses what is not well-formed. Reports and JUnit files must pass it. For tests only.

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Text directly inside, entities resolved. */
  readonly text: string;
}

interface Open {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

const token = /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>|<\/([A-Za-z][\w:.-]*)\s*>|<([A-Za-z][\w:.-]*)((?:\s+[A-Za-z_][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;
const attribute = /([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const forbidden = /(?![\t\n\r\u007f-\u009f])[\p{Cc}\ufffe\uffff]/u;

/** @throws Error naming the place where the text is not well-formed. */
export function parseXml(source: string): Element {
  if (forbidden.test(source)) throw new Error('A character that XML forbids');
  const root: Open = { name: '', attributes: {}, children: [], text: '' };
  const open: Open[] = [root];
  let end = 0;
  for (const match of source.matchAll(token)) {
    if (match.index !== end) break;
    end = match.index + match[0].length;
    take(match, open);
  }
  if (end !== source.length) throw new Error(`Not well-formed at ${end}: ${source.slice(end, end + 80)}`);
  if (open.length !== 1) throw new Error(`Not closed: ${open.at(-1)!.name}`);
  if (root.children.length !== 1) throw new Error(`${root.children.length} root elements`);
  return root.children[0]!;
}

function take(match: RegExpExecArray, open: Open[]): void {
  const [, cdata, closing, opening, attributes, selfClosing, text] = match;
  const current = open.at(-1)!;
  if (cdata !== undefined) current.text += cdata;
  else if (text !== undefined) current.text += resolve(text);
  else if (closing !== undefined) close(open, closing);
  else if (opening !== undefined) {
    const element: Open = { name: opening, attributes: readAttributes(attributes ?? ''), children: [], text: '' };
    current.children.push(element);
    if (selfClosing !== '/') open.push(element);
  }
}

function close(open: Open[], name: string): void {
  const element = open.pop()!;
  if (element.name !== name) throw new Error(`</${name}> closes <${element.name}>`);
}

function readAttributes(source: string): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [, name, double, single] of source.matchAll(attribute)) {
    if (name! in all) throw new Error(`Attribute ${name} twice`);
    all[name!] = resolve(double ?? single ?? '');
  }
  return all;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolve(text: string): string {
  return text.replaceAll(/&([^;\s]*);?/g, (whole, name: string) => {
    const number = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name);
    if (whole.endsWith(';') && number !== null) return String.fromCodePoint(number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16));
    if (!whole.endsWith(';') || named[name] === undefined) throw new Error(`Unknown entity ${whole}`);
    return named[name];
  });
}

/** All elements below, in document order. */
export const descendants = (element: Element): readonly Element[] => element.children.flatMap((child) => [child, ...descendants(child)]);

export const byName = (element: Element, name: string): readonly Element[] => descendants(element).filter((each) => each.name === name);

/** Text inside, at any depth. */
export const textOf = (element: Element): string => element.text + element.children.map(textOf).join('');
