// Everything that a reader can set, by name, and the address that says it: a link shows another reader the same view.
import { formatFragment, parseFragment } from './fragment.ts';

export interface Setting {
  /** Empty where it is as at the beginning. */
  readonly read: () => string;
  /** Takes what it understands; for anything else, and for nothing, it goes back to the beginning. */
  readonly write: (value: string) => void;
}

export class Settings {
  readonly #all = new Map<string, Setting>();

  add(name: string, setting: Setting): void {
    this.#all.set(name, setting);
  }

  /** After a reader changed something: the address follows, and the way back does not get longer. */
  changed(): void {
    const { target } = parseFragment(location.hash);
    const values = new Map([...this.#all].map(([name, setting]) => [name, setting.read()]));
    const fragment = formatFragment(target, values);
    try {
      history.replaceState(null, '', fragment === '#' ? location.pathname + location.search : fragment);
    } catch {
      // Some frames have no address of their own: the view is set all the same.
    }
  }

  apply(values: ReadonlyMap<string, string>): void {
    for (const [name, setting] of this.#all) setting.write(values.get(name) ?? '');
  }
}
