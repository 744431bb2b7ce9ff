package dev.quire.store.internal.tree;

import dev.quire.store.internal.tree.TreeModel.Operation;
import dev.quire.store.internal.tree.TreeModel.Style;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: trees hold what a sorted map holds, after any operations.
///
/// Method: seeded random operations on both, for several kinds of keys and page sizes; results are
/// compared at each step, the whole content and all invariants at each commit, and old roots at the
/// end. A failing run is shortened by leaving out halves, quarters, ... of its operations.
///
/// `-Dquire.seed=` repeats a run; `-Dquire.operations=` makes it longer.
class TreeModelTest {

  private static final long SEED = Long.getLong("quire.seed", System.nanoTime());
  private static final int OPERATIONS = Integer.getInteger("quire.operations", 6000);

  @ParameterizedTest
  @EnumSource(Style.class)
  void operations_random_agreeWithSortedMap(Style style) {
    run(style, 4 << 10, OPERATIONS);
  }

  @ParameterizedTest
  @EnumSource(Style.class)
  void operations_largePages_agreeWithSortedMap(Style style) {
    run(style, 64 << 10, OPERATIONS);
    run(style, 16 << 10, OPERATIONS / 2);
  }

  private static void run(Style style, int pageSizeBytes, int count) {
    long seed = SEED + style.ordinal();
    List<Operation> operations = TreeModel.operations(seed, count);
    Throwable failure = failure(style, pageSizeBytes, operations);
    if (failure == null) {
      return;
    }
    List<Operation> shortest = shorten(style, pageSizeBytes, operations);
    Throwable last = failure(style, pageSizeBytes, shortest);
    throw new AssertionError(
        "-Dquire.seed="
            + SEED
            + ", "
            + style
            + ", "
            + shortest.size()
            + " operations: "
            + (shortest.size() > 40 ? "" : shortest),
        last == null ? failure : last);
  }

  private static Throwable failure(Style style, int pageSizeBytes, List<Operation> operations) {
    try {
      new TreeModel(style, pageSizeBytes).run(operations);
      return null;
    } catch (RuntimeException | AssertionError e) {
      return e;
    }
  }

  private static List<Operation> shorten(
      Style style, int pageSizeBytes, List<Operation> operations) {
    List<Operation> shortest = operations;
    for (int part = shortest.size() / 2; part > 0; part /= 2) {
      for (int from = 0; from + part <= shortest.size(); ) {
        List<Operation> shorter = new ArrayList<>(shortest.subList(0, from));
        shorter.addAll(shortest.subList(from + part, shortest.size()));
        if (failure(style, pageSizeBytes, shorter) != null) {
          shortest = shorter;
        } else {
          from += part;
        }
      }
    }
    return shortest;
  }
}
