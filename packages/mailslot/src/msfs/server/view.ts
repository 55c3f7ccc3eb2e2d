type BufferClass = new (memory: ArrayBufferLike, offset: number, length: number) => Buffer;

/**
 * The class that Node makes buffers of. `buffer.subarray()` ends in the same constructor, but the checks before it
 * take longer than the view itself, and a reader of small messages makes millions of views a second.
 */
const species = (Buffer as unknown as Record<symbol, unknown>)[Symbol.species];

/** The bytes from `offset` on, `length` of them, as a Buffer without a copy. The caller has checked the bounds. */
export const viewOf: (memory: ArrayBufferLike, offset: number, length: number) => Buffer = makesBuffers(
  species,
)
  ? (memory, offset, length) => new species(memory, offset, length)
  : (memory, offset, length) => Buffer.from(memory, offset, length);

/** Elsewhere than in Node the symbol may lead to `Buffer` itself, whose constructor is deprecated, or to another class. */
function makesBuffers(candidate: unknown): candidate is BufferClass {
  if (typeof candidate !== 'function' || candidate === Buffer) return false;
  return Object.is(candidate.prototype, Buffer.prototype);
}
