package dev.quire.store.internal.format;

import java.util.Arrays;

/// Which scratch page was to lie at which place of the file, to undo what [ChildRefs#unswizzle]
/// does.
public final class ScratchPlaces {

  private static final int INDEX_BITS = 31;

  /// Page numbers, in order, each with the scratch index below it.
  private final long[] places;

  /// @param finalRefs the final reference of each scratch page, by its index; [PageRef#NONE] if
  ///   none
  /// @param limit how many of them count
  public ScratchPlaces(long[] finalRefs, int limit) {
    long[] found = new long[limit];
    int count = 0;
    for (int index = 0; index < limit; index++) {
      if (finalRefs[index] != PageRef.NONE) {
        found[count++] = PageRef.pageNo(finalRefs[index]) << INDEX_BITS | index;
      }
    }
    places = Arrays.copyOf(found, count);
    Arrays.sort(places);
  }

  /// The scratch reference in place of a final one; any other reference as it is.
  public long scratchRef(long ref) {
    if (ref == PageRef.NONE || PageRef.isScratch(ref)) {
      return ref;
    }
    int at = Arrays.binarySearch(places, PageRef.pageNo(ref) << INDEX_BITS);
    int place = at < 0 ? -at - 1 : at;
    return place < places.length && places[place] >>> INDEX_BITS == PageRef.pageNo(ref)
        ? PageRef.scratch((int) places[place] & Integer.MAX_VALUE)
        : ref;
  }
}
