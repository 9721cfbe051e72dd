// Choosing among many things by what they say of themselves: nothing is taken away but from sight, and the rest is counted.
import { all, button, make } from './elements.ts';
import type { Settings } from './settings.ts';

export interface Field {
  readonly name: string;
  readonly label: string;
  /** Of a choice: value and words of each. null: free text. */
  readonly choices: readonly (readonly [value: string, words: string])[] | null;
  /** Values that are no choice and still may be asked for, such as a cell of the loss map. */
  readonly pattern?: RegExp;
  readonly matches: (item: HTMLElement, wanted: string) => boolean;
}

export interface FilterOptions {
  /** Names its settings. */
  readonly name: string;
  readonly label: string;
  readonly items: readonly HTMLElement[];
  /** Those of them that are told how many are left: each thing once. */
  readonly counted: readonly HTMLElement[];
  /** "stories". */
  readonly noun: string;
  readonly fields: readonly Field[];
  /** What is left out when nothing in it is left, from the inside to the outside. */
  readonly around: readonly HTMLElement[];
  /** Said where nothing is left. */
  readonly empty: string;
}

export interface Filter {
  readonly bar: HTMLElement;
  readonly set: (values: Readonly<Record<string, string>>) => void;
  readonly focus: () => void;
  /** If the element is out of sight, everything is back. */
  readonly reveal: (element: Element) => void;
}

const longestText = 120;

export function makeFilter({ name, label, items, counted, noun, fields, around, empty }: FilterOptions, settings: Settings): Filter {
  const inputs = fields.map(withInput);
  const status = make('span', { class: 'muted', role: 'status', tabindex: '-1' });
  const apply = (): void => {
    const wanted = inputs.filter(({ input }) => input.value !== '');
    for (const item of items) item.classList.toggle('out', !wanted.every(({ field, input }) => field.matches(item, input.value)));
    const left = counted.filter((item) => !item.classList.contains('out')).length;
    for (const element of around) element.classList.toggle('out', !items.some((item) => element.contains(item) && !item.classList.contains('out')));
    status.textContent = wanted.length === 0 ? '' : `${left} of ${counted.length} ${noun}${left === 0 ? `. ${empty}.` : ''}`;
    clear.hidden = wanted.length === 0;
    for (const { input, around: whole } of inputs) whole.hidden = input instanceof HTMLSelectElement && input.options.length <= 2 && input.value === '';
  };
  const change = (): void => {
    apply();
    settings.changed();
  };
  const write = (input: Input, field: Field, value: string): void => {
    input.value = accepted(input, field, value);
  };
  const set = (values: Readonly<Record<string, string>>): void => {
    for (const { field, input } of inputs) write(input, field, values[field.name] ?? '');
    change();
  };
  const clear = button('Show all', 'Show all', () => {
    set({});
    inputs[0]!.input.focus();
  });
  const bar = make('div', { class: 'tools', role: 'group', 'aria-label': label }, make('div', { class: 'row' },
    ...inputs.map(({ around: whole }) => whole), clear, status));
  bar.addEventListener('input', change);
  bar.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') set({});
  });
  for (const { field, input } of inputs) {
    settings.add(`${name}.${field.name}`, { read: () => input.value, write: (value) => { write(input, field, value); apply(); } });
  }
  apply();
  return { bar, set, focus: () => status.focus(), reveal: (element) => { if (element.closest('.out') !== null && items.some((item) => item.closest('.out') !== null)) set({}); } };
}

type Input = HTMLInputElement | HTMLSelectElement;

/** A choice between one thing and the same is not offered. */
function withInput(field: Field): { readonly field: Field; readonly input: Input; readonly around: HTMLElement } {
  const input = makeInput(field);
  return { field, input, around: make('label', {}, `${field.label} `, input) };
}

function makeInput({ choices }: Field): Input {
  if (choices === null) return make('input', { type: 'search', maxlength: String(longestText) });
  return make('select', {}, make('option', { value: '' }, 'any'), ...choices.map(([value, words]) => make('option', { value }, words)));
}

/** A value that the field knows, or nothing. */
function accepted(input: Input, { choices, pattern }: Field, value: string): string {
  if (choices === null) return value.slice(0, longestText);
  if (choices.some(([known]) => known === value)) return value;
  if (pattern === undefined || !pattern.test(value) || value.length > longestText) return '';
  const isThere = all<HTMLOptionElement>(input, 'option').some((option) => option.value === value);
  if (!isThere) input.append(make('option', { value }, value));
  return value;
}

/** What occurs, in the order in which it occurs. */
export const choicesOf = (values: readonly string[]): readonly (readonly [string, string])[] => [...new Set(values)].map((value) => [value, value] as const);
