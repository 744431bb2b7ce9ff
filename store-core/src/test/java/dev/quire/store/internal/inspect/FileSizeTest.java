package dev.quire.store.internal.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.Snapshot;
import dev.quire.store.internal.txn.WriteSession;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The last close cuts the file; what the superblock says of its size must be true afterwards, else
/// every snapshot would map the file anew in search of the rest.
class FileSizeTest {

  @TempDir private Path directory;

  @Test
  void close_cutFile_isAsLongAsTheSuperblockSays() {
    StoreOptions options = StoreOptions.defaults();
    Engine engine = Engine.open(directory.resolve("store"), options);
    WriteSession session = engine.beginWrite(options.durability(), Duration.ofSeconds(10));
    byte[] key = {1};
    session.put(session.createTable(key, false), key, 1, MemorySegment.ofArray(key), 0, 1, 0);
    session.commit();
    engine.close();
    Engine again = Engine.open(directory.resolve("store"), options);
    again
        .view()
        .tryWhileStill(
            Duration.ofSeconds(10),
            still ->
                assertTrue(still.marks().head().fileSizeBytes() <= again.view().fileSizeBytes()));
    Snapshot first = again.beginRead();
    Snapshot second = again.beginRead();
    assertEquals(first.segmentOf(0), second.segmentOf(0));
    second.end();
    first.end();
    again.close();
  }
}
