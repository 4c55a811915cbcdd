// In which order the items of a merged list stand: as strategic merge patch has it.

/**
 * The patch's items and the server's other items as one list: an item of the server goes first where it stood before the patch's next item, otherwise the patch's item does
 * (strategicpatch, mergeSortedSlice). So a new item stands in front of what was there.
 */
export function inElementOrder<Item>(others: readonly Item[], patched: readonly Item[], placeBefore: (item: Item) => number): Item[] {
  const out: Item[] = [];
  let left = 0;
  let right = 0;
  while (left < others.length || right < patched.length) {
    const other = others[left];
    const item = patched[right];
    if (item === undefined || (other !== undefined && isBefore(placeBefore(other), placeBefore(item)))) {
      if (other !== undefined) out.push(other);
      left++;
    } else {
      out.push(item);
      right++;
    }
  }
  return out;
}

const isBefore = (left: number, right: number): boolean => left >= 0 && right >= 0 && left < right;
