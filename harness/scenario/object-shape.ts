// Finds the fields of a broker's schema, so that they can stand flat beside the common ones.
import { z } from 'zod';
import { invariant } from '../model/errors.ts';

/** @returns the shape of an object schema, also through refinements, defaults and the input side of a pipe. */
export function objectShape(schema: z.ZodType): z.core.$ZodLooseShape {
  let current: unknown = schema;
  for (let depth = 0; depth < 10; depth++) {
    if (current instanceof z.ZodObject) return current.shape;
    if (current instanceof z.ZodPipe) current = current.in;
    else if (current instanceof z.ZodDefault || current instanceof z.ZodPrefault || current instanceof z.ZodOptional) current = current.unwrap();
    else break;
  }
  invariant(false, 'a broker spec must describe its fields as an object schema');
}
