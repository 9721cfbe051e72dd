// The formats by name, and the file of each: known without loading a single renderer.

/** `json` is the record itself: it is always written, for `report` and `compare` read it. */
export const fileFormats = ['html', 'junit', 'markdown', 'openmetrics', 'json'] as const;
export type FileFormat = (typeof fileFormats)[number];

/** `github` writes no file of its own: annotations on stdout, and the step summary. */
export const reporterNames = [...fileFormats, 'github'] as const;
export type ReporterName = (typeof reporterNames)[number];

export const isFileFormat = (name: ReporterName): name is FileFormat => name !== 'github';
