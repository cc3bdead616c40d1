/** An order cut into parts of these lengths, which sum to its own. */
export function cutIntoParts(order: Int32Array, lengths: readonly number[]): Int32Array[] {
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return order.subarray(end - length, end);
  });
}
