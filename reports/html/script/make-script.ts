// Makes `script.ts` from the sources beside it: `node reports/html/script/make-script.ts`. Types and comments go, modules become one.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';

const folder = new URL('source/', import.meta.url);
const made = new URL('script.ts', import.meta.url);

/** Modules in an order in which each follows what it imports. */
function inOrder(): readonly string[] {
  const imports = new Map(readdirSync(folder).filter((name) => name.endsWith('.ts')).toSorted().map((name) => [name, [...read(name).matchAll(/^import (?!type).* from '\.\/(.+)';$/gm)].map(([, from]) => from!)]));
  const order = new Set<string>();
  const visit = (name: string): void => {
    for (const other of imports.get(name)!) if (!order.has(other)) visit(other);
    order.add(name);
  };
  for (const name of imports.keys()) visit(name);
  return [...order];
}

const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

function withoutTypes(name: string): string {
  const { outputText } = ts.transpileModule(read(name), { fileName: name, compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true, removeComments: true } });
  return outputText.replaceAll(/^import .*;\n/gm, '').replaceAll(/^export (\{\};\n)?/gm, '').replaceAll(/^( {4})+/gm, (indent) => ' '.repeat(indent.length / 4));
}

/** The text of `script.ts`. */
export function makeScript(): string {
  const script = `(() => {\n'use strict';\n${inOrder().map(withoutTypes).join('')}})();`;
  if (/<\/?script|<!--|\]\]>/i.test(script)) throw new Error('The script would end its own element');
  return `// Made by make-script.ts from source/: do not edit.\n/* oxlint-disable max-lines */\n\nexport const script = [\n${script.split('\n').map((line) => `  ${JSON.stringify(line)},\n`).join('')}].join('\\n');\n`;
}

if (import.meta.main) writeFileSync(made, makeScript());
