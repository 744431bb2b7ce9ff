package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.txn.CrashRun.Effort;
import dev.quire.store.internal.txn.Edit.Kind;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// After a crash at any moment the store is one of its transactions, none acknowledged is lost, and
/// it goes on from there.
class CrashTest {

  private static final StoreOptions OPTIONS =
      StoreOptions.defaults()
          .withRingSizeBytes(StoreOptions.MIN_RING_SIZE_BYTES)
          .withWriterMemoryBytes(StoreOptions.MIN_WRITER_MEMORY_BYTES);
  private static final Durability INTERVAL = Durability.interval(Duration.ofHours(1));

  private static Consumer<ModelSession> puts(int table, int from, int to, int size) {
    return session -> {
      for (int key = from; key < to; key++) {
        new Edit(Kind.PUT, table, key, size, from).applyTo(session);
      }
    };
  }

  private static Consumer<ModelSession> edit(Kind kind, int table, int key, int size) {
    return session -> new Edit(kind, table, key, size, 3).applyTo(session);
  }

  private static void verify(String name, StoreOptions options, Consumer<CrashRun> workload) {
    try (CrashRun run = new CrashRun(name, 1, options, Effort.SAMPLE)) {
      long start = System.nanoTime();
      workload.accept(run);
      run.closeAndReopen();
      System.out.println(
          name + ": " + run.states() + " states, " + (System.nanoTime() - start) / 1_000_000 + " ms");
      assertEquals(List.of(), run.findings());
    }
  }

  @Test
  void crash_smallSyncCommits_nothingLost() {
    verify(
        "small SYNC commits",
        OPTIONS,
        run -> {
          run.commit(Durability.SYNC, puts(0, 0, 3, 10));
          run.commit(Durability.SYNC, edit(Kind.PUT, 0, 1, 20));
          run.commit(Durability.SYNC, edit(Kind.DELETE, 0, 2, 0));
          run.commit(Durability.SYNC, puts(1, 0, 2, 30));
          run.checkpoint();
          run.commit(Durability.SYNC, edit(Kind.DROP, 0, 0, 0));
          run.commit(Durability.SYNC, puts(0, 5, 6, 9));
        });
  }
}
