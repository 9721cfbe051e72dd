// How often each error of each worker was met; `code` means something only together with its worker.

const codes = 256;

export class ErrorCounts {
  readonly #counts = new Uint32Array(codes * codes);

  add(actor: number, code: number): void {
    this.#counts[actor * codes + code]!++;
  }

  count(actor: number, code: number): number {
    return this.#counts[actor * codes + code]!;
  }
}
