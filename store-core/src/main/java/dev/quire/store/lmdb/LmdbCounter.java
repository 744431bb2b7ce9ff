package dev.quire.store.lmdb;

import dev.quire.store.Keys;
import dev.quire.store.Table;

/// A counter: a value of 8 bytes, big-endian.
final class LmdbCounter {

  private LmdbCounter() {}

  /// What a counter becomes; one that does not exist counts from 0.
  ///
  /// @throws IllegalStateException if the value is no counter, or the sum leaves the range
  static long sum(Table table, byte[] key, long delta, long least, long most) {
    byte[] before = new byte[Long.BYTES];
    long length = table.getInto(key, before);
    if (length >= 0 && length != Long.BYTES) {
      throw new IllegalStateException(
          "value of " + length + " bytes in table \"" + table.name() + "\": a counter has 8");
    }
    long number = Keys.toLong(before);
    long sum = number + delta;
    boolean overflows = ((number ^ sum) & (delta ^ sum)) < 0;
    if (overflows || sum < least || sum > most) {
      throw new IllegalStateException(
          "counter at "
              + number
              + ": adding "
              + delta
              + " would leave the range from "
              + least
              + " to "
              + most);
    }
    return sum;
  }
}
