package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.testing.Campaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a process that is killed loses no transaction that it acknowledged, in any mode.
///
/// Method: real processes, killed after some number of commits; the next process, or this one,
/// takes over what they left. Now and then the file `shm` is removed as well: then the store comes
/// back from superblock and log, and only a store without a log may have lost something.
class KillTest {

  @TempDir private Path directory;

  @Test
  void kill_syncStore_losesNothing() throws IOException {
    killOften("SYNC", 250);
  }

  @Test
  void kill_intervalStore_losesNothing() throws IOException {
    killOften("INTERVAL", 600);
  }

  @Test
  void kill_checkpointStore_losesNothing() throws IOException {
    killOften("CHECKPOINT", 600);
  }

  private void killOften(String mode, int mostCommits) throws IOException {
    long seed = Campaign.seed();
    SplittableRandom random = new SplittableRandom(seed);
    long deadline = Campaign.deadlineNanos(3);
    long acknowledged = 0;
    int kills = 0;
    while (kills < 4 || System.nanoTime() < deadline && acknowledged < 20_000) {
      String when = mode + ", kill " + kills + ", -Dquire.seed=" + seed;
      acknowledged = runAndKill(mode, seed, 1 + random.nextInt(mostCommits), acknowledged, when);
      kills++;
      if (kills % 2 == 0) {
        boolean lost = random.nextBoolean();
        if (lost) {
          Files.delete(directory.resolve(StoreFiles.SHM));
        }
        boolean mayGoBack = lost && mode.equals("CHECKPOINT");
        acknowledged = open(mode, seed, mayGoBack ? 0 : acknowledged, acknowledged + 1, when);
      }
    }
    Campaign.note(mode + ": " + kills + " kills, " + acknowledged + " transactions");
  }

  /// Lets a process commit so often, and kills it.
  ///
  /// @return the last transaction that it acknowledged
  private long runAndKill(String mode, long seed, int commits, long acknowledged, String when) {
    try (CommitProcess process = CommitProcess.start(directory, mode, seed)) {
      long last = process.next();
      assertTrue(
          last == acknowledged || last == acknowledged + 1,
          when + ": it found transaction " + last + ", acknowledged was " + acknowledged);
      for (int i = 0; i < commits; i++) {
        long number = process.next();
        assertTrue(number == last + 1, when + ": it says " + number + " after " + last);
        last = number;
      }
      process.kill();
      for (long number = process.next(); number >= 0; number = process.next()) {
        last = number;
      }
      return last;
    }
  }

  /// Opens the store in this process and looks at all of it.
  ///
  /// @return the transaction that it is at
  private long open(String mode, long seed, long least, long most, String when) {
    Engine engine = Engine.open(directory, CommitProcess.options(mode));
    try {
      long number = engine.parts().state.head().userIndex();
      assertTrue(number >= least && number <= most, when + ": at transaction " + number);
      StoreModel model = CommitProcess.modelAfter(seed, number);
      assertNull(CrashOracle.difference(engine, model), when);
      return number;
    } finally {
      engine.close();
    }
  }
}
