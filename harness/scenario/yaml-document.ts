// YAML with places: every problem can be shown as file:line:column.
import { isCollection, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { LeaderfallError } from '../model/errors.ts';
import type { Path } from './problem.ts';

export interface YamlFile {
  readonly value: unknown;
  /** `file:line:column` of the node at a path, or of its nearest ancestor that exists. */
  placeOf(path: Path, atKey: boolean): string;
}

/** Places whose scalar values are words of the broker: `4.0` stays "4.0" and is no number. */
const verbatim = [/(^|\.)cluster\.version$/, /(^|\.)cluster\.properties\.[^]+$/, /(^|\.)(only|onVersions\.\d+)\.versions\.\d+$/];

/**
 * @param name how messages call the file.
 * @throws LeaderfallError `E_SCENARIO_INVALID` for text that is not YAML, listing every error with its place.
 */
export function readYaml(text: string, name: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const second = document.errors.find(({ code }) => code === 'MULTIPLE_DOCS');
  if (second !== undefined) {
    throw new LeaderfallError('E_SCENARIO_INVALID', `${place(second.pos[0])}: a second document begins here (---)`, { hint: 'One file holds one document: write several scenarios as a list, each beginning with "- name:".' });
  }
  if (document.errors.length > 0) {
    throw new LeaderfallError('E_SCENARIO_INVALID', `${place(document.errors[0]!.pos[0])}: not valid YAML`, {
      detail: document.errors.map((error) => `${place(error.pos[0])}: ${error.message}`).join('\n'),
      hint: 'Mend the file at the place shown.',
    });
  }
  keepWords(document.contents, []);
  return { value: document.toJS() as unknown, placeOf: (path, atKey) => place(offsetOf(document, path, atKey)) };
}

function keepWords(node: unknown, path: Path): void {
  if (isMap(node)) node.items.forEach(({ key, value }) => keepWords(value, [...path, String(isScalar(key) ? key.value : key)]));
  else if (isCollection(node)) node.items.forEach((item, index) => keepWords(item, [...path, index]));
  else if (isScalar(node) && typeof node.value === 'number' && node.source !== undefined && verbatim.some((pattern) => pattern.test(path.join('.')))) node.value = node.source;
}

/** Where a path's value (or its key) begins; a path that does not exist is where its parent begins. */
function offsetOf(document: Document, path: Path, atKey: boolean): number {
  for (let length = path.length; length > 0; length--) {
    const part = path[length - 1];
    const parent = (length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)) as Node | null;
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      const value = pair?.value as Node | null | undefined;
      const node = atKey && length === path.length ? (pair?.key as Node | undefined) : (value ?? (pair?.key as Node | undefined));
      if (node?.range) return node.range[0];
    } else if (isCollection(parent)) {
      const item = parent.items[Number(part)] as Node | undefined;
      if (item?.range) return item.range[0];
    }
  }
  return document.contents?.range?.[0] ?? 0;
}
