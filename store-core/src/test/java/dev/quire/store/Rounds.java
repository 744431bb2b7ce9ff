package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Objects;

/// Values that tell whether they are right: each transaction writes all of them with the number of
/// its round, so that every committed state has one round, and every byte of it is known.
final class Rounds {

  private static final String TABLE = "rounds";
  private static final int KEYS = 40;

  private Rounds() {}

  /// Writes all values.
  static void write(Store store, long round) {
    store.write(
        txn -> {
          for (long key = 0; key < KEYS; key++) {
            txn.table(TABLE).put(key, value(key, round));
          }
        });
  }

  /// Fails unless all values are of one round.
  ///
  /// @return the round
  static long require(Store store) {
    try (ReadTxn txn = store.beginRead()) {
      Table table = txn.table(TABLE);
      long round = Keys.toLong(first(Objects.requireNonNull(table.get(0L))));
      for (long key = 0; key < KEYS; key++) {
        byte[] found = Objects.requireNonNull(table.get(key));
        byte[] expected = value(key, round);
        assertEquals(expected.length, found.length, "length of value " + key);
        for (int i = 0; i < found.length; i++) {
          if (found[i] != expected[i]) {
            throw new AssertionError("byte " + i + " of value " + key + " in round " + round);
          }
        }
      }
      return round;
    }
  }

  private static byte[] first(byte[] value) {
    return Arrays.copyOf(value, Long.BYTES);
  }

  /// Lengths differ from round to round, so that pages are used again at other places.
  private static byte[] value(long key, long round) {
    byte[] value = new byte[2_000 + (int) ((key * 7 + round * 13) % 11) * 3_000];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) (key * 31 + round * 17 + i);
    }
    System.arraycopy(Keys.ofLong(round), 0, value, 0, Long.BYTES);
    return value;
  }
}
