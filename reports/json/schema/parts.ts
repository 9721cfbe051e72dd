// What every part of the schemas is made of. Objects may have more fields than are named: a newer version may add some.
import { z } from 'zod';

/** One entry for each field of the model's type: a field that is added or renamed there does not compile here. */
export type Shape<Type> = { readonly [Key in keyof Required<Type>]: z.ZodType };

export const text = z.string();
export const flag = z.boolean();
/** A whole number from 0. */
export const tally = z.int().min(0);
export const milliseconds = z.number().describe('milliseconds since the run began');
export const durationMs = z.number().min(0).describe('milliseconds');
export const instant = z.iso.datetime().describe('ISO 8601, UTC');
export const list = <Item extends z.ZodType>(item: Item) => z.array(item);
export const words = z.record(z.string(), z.string());
export const anything = z.record(z.string(), z.unknown());
