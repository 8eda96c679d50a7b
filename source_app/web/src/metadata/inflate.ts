/** Decompression by the browser, which stops at a limit: compressed text may be a bomb. */

/** The first `limit` bytes of a zlib stream, or as many as could be had before it broke. */
export async function inflated(untrusted: Uint8Array<ArrayBuffer>, limit: number): Promise<Uint8Array> {
  const stream = new Blob([untrusted]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  const out = new Uint8Array(limit);
  let length = 0;
  try {
    while (length < limit) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, limit - length);
      out.set(part, length);
      length += part.length;
    }
    void reader.cancel().catch(() => undefined);
  } catch {
    // What follows the end of the stream, or damage: what came before it still counts.
  }
  return out.subarray(0, length);
}
