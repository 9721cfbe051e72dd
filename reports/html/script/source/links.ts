// Where an address leads: what is folded around its target opens, what a filter took from sight comes back, and the keyboard is there.
import { all } from './elements.ts';
import type { Filter } from './filter.ts';
import { parseFragment } from './fragment.ts';
import type { Settings } from './settings.ts';

export function followLinks(settings: Settings, filters: readonly Filter[]): void {
  const follow = (): void => {
    const { target, settings: values } = parseFragment(location.hash);
    if (values !== null) settings.apply(values);
    const found = target === '' ? null : targetOf(target);
    for (const sought of all(document, '.sought')) sought.classList.remove('sought');
    if (found !== null) goTo(found, filters);
    if (values === null) settings.changed();
  };
  addEventListener('hashchange', follow);
  // A link that is already in the address is followed by no event.
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
    if (link !== null && link.hash === location.hash) follow();
  });
  // The browser goes to the target too, and takes the keyboard's place with it: what comes last stays.
  if (location.hash !== '') addEventListener('load', follow, { once: true });
}

/** By its id, or by the short name that a message or a fault has in the page of its run: the first that is called so. */
function targetOf(name: string): HTMLElement | null {
  return document.getElementById(name)
    ?? all<HTMLElement>(document, '[data-message], [data-fault]').find(({ dataset }) => name === `message-${dataset['message']}` || name === dataset['fault']) ?? null;
}

function goTo(element: HTMLElement, filters: readonly Filter[]): void {
  for (const { reveal } of filters) reveal(element);
  for (let around: Element | null = element; around !== null; around = around.parentElement) if (around instanceof HTMLDetailsElement) around.open = true;
  const story = element.closest('details.message') ?? (element.classList.contains('folded') ? element.parentElement : null);
  const place = story?.querySelector('summary') ?? element;
  if (story === null) element.tabIndex = -1;
  place.classList.add('sought');
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: 'start' });
}
