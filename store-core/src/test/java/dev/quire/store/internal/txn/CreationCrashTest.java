package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.region.Directories;
import dev.quire.store.options.Durability;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CrashPolicy;
import dev.quire.store.testing.ProbedRegion;
import dev.quire.store.testing.SimulatedRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a store that was being made when the machine stopped is not there, or empty and whole.
///
/// Method: the data file is made on a simulated disk. What a crash may leave of it, before and in
/// every operation, has the name that it has until the end, `data.new`; when it is complete, it may
/// have that name or its own, because the directory is synced after the renaming.
class CreationCrashTest {

  @TempDir private Path directory;

  /// What a crash may leave of the file, and last what is durable when it gets its name.
  private static List<byte[]> images() {
    List<byte[]> images = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    SplittableRandom random = new SplittableRandom(Campaign.seed());
    try (SimulatedRegion disk = new SimulatedRegion(1 << 20);
        StoreFiles files = new StoreFiles(Steps.NONE)) {
      ProbedRegion probed =
          new ProbedRegion(
              disk,
              (now, next, moment) -> {
                for (CrashPolicy policy : CrashPolicy.values()) {
                  byte[] image = now.crashImage(policy, random.nextLong());
                  if (seen.add((long) Arrays.hashCode(image))) {
                    images.add(image);
                  }
                }
              });
      StoreCreation.create(probed, CrashTest.OPTIONS, files);
      assertEquals(0, disk.unsyncedSectorCount(), "all is durable before the file has its name");
      images.add(disk.durableImage());
    }
    return images;
  }

  private void requireEmptyStore(Path store, String when) {
    Engine engine = Engine.open(store, CrashTest.OPTIONS);
    try {
      assertNull(CrashOracle.difference(engine, new StoreModel()), when);
      WriteSession session = engine.beginWrite(Durability.SYNC, Duration.ZERO);
      try {
        new ModelSession(session, new StoreModel()).put("t", new byte[4], new byte[9]);
        session.commit();
      } finally {
        session.rollback();
      }
    } finally {
      engine.close();
    }
    assertFalse(Files.exists(store.resolve("data.new")), when);
  }

  @Test
  void crash_whileAStoreIsMade_leavesNoneOrAnEmptyOne() throws IOException {
    List<byte[]> images = images();
    assertTrue(images.size() > 8, "only " + images.size() + " images");
    for (int i = 0; i < images.size(); i++) {
      Path store = Files.createDirectory(directory.resolve("store-" + i));
      Files.write(store.resolve("data.new"), images.get(i));
      requireEmptyStore(store, "image " + i);
    }
    Path named = Files.createDirectory(directory.resolve("named"));
    Files.write(named.resolve(StoreFiles.DATA), images.getLast());
    requireEmptyStore(named, "renamed");
    Directories.delete(named.resolve(StoreFiles.DATA));
  }
}
