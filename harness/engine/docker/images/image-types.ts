// What callers ask of the image rooms and what they get back.

export type ImageName = 'kafka' | 'rabbitmq' | 'nettools' | 'toxiproxy';

export interface ImageRequest {
  readonly name: ImageName;
  /** The broker's version, such as '4.1.0', '4.1' or '4.3'; '1' for nettools; Toxiproxy's own number. */
  readonly version: string;
}

export interface ResolvedImage {
  readonly reference: string;
  /** The engine's content id, `sha256:…`. */
  readonly id: string;
  /** The registry's digest, `sha256:…`; absent on an image that was built here. */
  readonly digest?: string;
  readonly source: 'local' | 'pulled' | 'built';
  /** The broker's full version where the image tells it, else the version asked for. */
  readonly version: string;
  readonly elapsedMs: number;
}

export interface ImageStatus {
  /** The reference that is present, else the one that a pull would try first, else the one that a build would make. */
  readonly reference: string;
  readonly present: boolean;
  readonly id?: string;
  readonly digest?: string;
  readonly version: string;
  /** Whether `docker/` has what it takes to build this version. */
  readonly buildable: boolean;
}

export interface ImageProgress {
  (event: { readonly image: string; readonly step: string }): void;
}
