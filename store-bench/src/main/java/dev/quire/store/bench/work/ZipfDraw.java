package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Entry;
import java.util.SplittableRandom;

/// Chooses keys by Zipf's law with the exponent 0.99, as YCSB does: the key of rank r with a chance
/// proportional to 1 / r^0.99.
///
/// Ranks are drawn in advance, for a power costs more than some of the gets that are measured, and
/// used again from the start when all are used. They are spread over the keys by a hash, so that
/// the frequent ones are not those that were loaded together.
///
/// Source: J. Gray et al., Quickly Generating Billion-Record Synthetic Databases, 1994, 3.2.
public final class ZipfDraw implements Draw {

  private static final double EXPONENT = 0.99;
  private static final int DRAWN = 1 << 20;

  private final int[] indexes;
  private int place;

  /// @param entries how many keys there are
  public ZipfDraw(int entries, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double all = zeta(entries);
    double two = zeta(2);
    double alpha = 1 / (1 - EXPONENT);
    double eta = (1 - Math.pow(2.0 / entries, 1 - EXPONENT)) / (1 - two / all);
    indexes = new int[DRAWN];
    for (int i = 0; i < DRAWN; i++) {
      double u = random.nextDouble();
      long rank;
      if (u * all < 1) {
        rank = 0;
      } else if (u * all < two) {
        rank = 1;
      } else {
        rank = (long) (entries * Math.pow(eta * u - eta + 1, alpha));
      }
      indexes[i] = (int) Long.remainderUnsigned(Entry.key(~rank), entries);
    }
  }

  private static double zeta(int count) {
    double sum = 0;
    for (int rank = 1; rank <= count; rank++) {
      sum += Math.pow(rank, -EXPONENT);
    }
    return sum;
  }

  /// The index of the next entry.
  int nextIndex() {
    int index = indexes[place];
    place = (place + 1) & (DRAWN - 1);
    return index;
  }

  @Override
  public long next() {
    return Entry.key(nextIndex());
  }
}
