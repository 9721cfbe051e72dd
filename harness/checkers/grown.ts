// One way to make a typed array longer.

type Numbers = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/**
 * A longer array with the same beginning. A fresh array is zeroed by the system page by page when it is touched, so room
 * that is never used costs nothing; `ArrayBuffer.transfer` would write the zeros at once (0.6 ns and one byte of memory a byte).
 */
export function grown<Array extends Numbers>(old: Array, capacity: number): Array {
  const longer = new (old.constructor as new (length: number) => Array)(capacity);
  longer.set(old);
  return longer;
}
