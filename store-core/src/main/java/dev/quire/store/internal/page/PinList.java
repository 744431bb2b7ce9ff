package dev.quire.store.internal.page;

import java.util.Arrays;

/// The transactions whose snapshots must stay whole, in ascending order.
public final class PinList {

  private long[] pins = new long[16];
  private int size;

  public void clear() {
    size = 0;
  }

  /// Adds a transaction; [#sort] must follow.
  public void add(long txnId) {
    if (size == pins.length) {
      pins = Arrays.copyOf(pins, 2 * size);
    }
    pins[size++] = txnId;
  }

  public void sort() {
    Arrays.sort(pins, 0, size);
  }

  public int size() {
    return size;
  }

  public boolean contains(long txnId) {
    return Arrays.binarySearch(pins, 0, size, txnId) >= 0;
  }

  /// The greatest pin below `txnId`, or -1.
  public long lower(long txnId) {
    int at = Arrays.binarySearch(pins, 0, size, txnId);
    int below = (at >= 0 ? at : -at - 1) - 1;
    while (below >= 0 && pins[below] == txnId) {
      below--;
    }
    return below < 0 ? -1 : pins[below];
  }
}
