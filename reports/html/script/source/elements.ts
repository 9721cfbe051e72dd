// Making elements: attributes and text only, so that no text can become markup.

export function make<Name extends keyof HTMLElementTagNameMap>(name: Name, attributes: Readonly<Record<string, string>>, ...children: readonly (Node | string)[]): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function draw<Name extends keyof SVGElementTagNameMap>(name: Name, attributes: Readonly<Record<string, string | number>>): SVGElementTagNameMap[Name] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

export function button(words: string, label: string, press: () => void): HTMLButtonElement {
  const made = make('button', { type: 'button', ...(label === words ? {} : { 'aria-label': label, title: label }) }, words);
  made.addEventListener('click', press);
  return made;
}

/** `#id` where nothing else has to be known: ids have characters that selectors do not. */
export const all = <Found extends Element>(root: ParentNode, selector: string): readonly Found[] => [...root.querySelectorAll<Found>(selector)];
