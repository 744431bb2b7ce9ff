package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.testing.Campaign;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: whoever cuts the data file of an open store makes reads end in StoreTruncatedException,
/// and neither a wrong result nor an InternalError reaches the caller.
///
/// Method: a process of its own repeats one kind of read until its code is compiled, and goes on
/// while this process cuts the file.
class TruncationTest {

  private static final int ROUNDS = Campaign.isLong() ? 20 : 2;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get",
        "getOfStore",
        "getByReader",
        "integers",
        "contains",
        "tables",
        "scan",
        "seek",
        "changes",
        "write",
        "longCopy",
        "longPart",
        "longByReader",
        "longStream"
      })
  void read_fileCutMeanwhile_isTruncatedAndNothingWrong(String work)
      throws IOException, InterruptedException {
    try (TruncatedProcess process = TruncatedProcess.start(directory, work, ROUNDS)) {
      for (int round = 0; round < ROUNDS; round++) {
        String[] ready = process.nextLine().split(" ");
        assertEquals(TruncatedWork.READY, ready[0], String.join(" ", ready));
        cut(directory.resolve("store" + round).resolve("data"), Long.parseLong(ready[1]));
        assertEquals(TruncatedWork.GOOD, process.nextLine(), "round " + round);
        assertEquals("refused", process.nextLine(), "round " + round);
      }
      assertEquals("exit code 0", process.end());
    }
  }

  /// Whatever the process was doing, it lives, hears of it from the store, and can close it.
  @ParameterizedTest
  @ValueSource(strings = {"getOfStore", "write", "stats", "activity", "check"})
  void use_shmCutMeanwhile_isTruncatedAndNothingWrong(String work)
      throws IOException, InterruptedException {
    try (TruncatedProcess process = TruncatedProcess.start(directory, work, ROUNDS)) {
      for (int round = 0; round < ROUNDS; round++) {
        String ready = process.nextLine();
        assertTrue(ready.startsWith(TruncatedWork.READY), ready);
        cut(directory.resolve("store" + round).resolve("shm"), 0);
        assertEquals(TruncatedWork.GOOD, process.nextLine(), "round " + round);
        assertEquals("refused", process.nextLine(), "round " + round);
      }
      assertEquals("exit code 0", process.end());
    }
  }

  private static void cut(Path data, long sizeBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(data, StandardOpenOption.WRITE)) {
      channel.truncate(sizeBytes);
    }
  }
}
