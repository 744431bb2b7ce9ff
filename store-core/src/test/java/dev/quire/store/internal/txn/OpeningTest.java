package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.region.FileSystemKind;
import dev.quire.store.internal.region.Region;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.FaultyRegion;
import dev.quire.store.testing.FaultyRegion.Fault;
import dev.quire.store.testing.RegionOperation.Kind;
import dev.quire.store.testing.contract.StoreForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which file systems hold a store, and what it is there.
class OpeningTest {

  private static final Path PLACE = Path.of("somewhere");
  private static final StoreOptions OPTIONS = StoreOptions.defaults();

  @ParameterizedTest
  @EnumSource(names = {"REMOTE", "USER_SPACE"})
  void requireTrusted_anotherHostOrAProgram_isRefusedUnlessForced(FileSystemKind kind) {
    StoreIoException refusal =
        assertThrows(
            StoreIoException.class, () -> StoreCreation.requireTrusted(PLACE, kind, OPTIONS));
    assertTrue(refusal.getMessage().contains(kind.name()), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("force"), refusal.getMessage());
    StoreCreation.requireTrusted(PLACE, kind, OPTIONS.withForce(true));
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "MEMORY"})
  void requireTrusted_thisHost_isAllowed(FileSystemKind kind) {
    StoreCreation.requireTrusted(PLACE, kind, OPTIONS);
  }

  @ParameterizedTest
  @EnumSource(names = {"GROW", "WRITE", "SYNC"})
  void open_creationFails_leavesNothingBehind(Kind kind, @TempDir Path parent) throws IOException {
    Path path = parent.resolve("store");
    assertThrows(StoreFullException.class, () -> create(path, kind));
    assertEquals(List.of(), Directories.names(parent));
    Files.createDirectory(path);
    assertThrows(StoreFullException.class, () -> create(path, kind));
    assertEquals(List.of(StoreFiles.LOCK), Directories.names(path));
    Engine engine = Engine.open(path, OPTIONS);
    Entries.put(engine, "key");
    engine.close();
  }

  /// Makes a store on a disk that fails.
  private static void create(Path path, Kind kind) {
    UnaryOperator<Region> full =
        region -> {
          FaultyRegion faulty = new FaultyRegion(region);
          faulty.fail(kind, 1, Fault.FULL);
          return faulty;
        };
    Opening.open(path, OPTIONS, StoreKind.DURABLE, new Opening.Seams(full, Steps.NONE)).close();
  }

  @Test
  void open_directoryInMemory_isADurableStoreWithARing() throws IOException {
    Path parent = Files.createTempDirectory(Directories.ofMemory(), "quire-test-");
    Path path = parent.resolve("store");
    try {
      Engine engine = Engine.open(path, OPTIONS);
      for (int i = 0; i < 3_000; i++) {
        Entries.put(engine, "k" + i);
      }
      assertTrue(engine.stats().ringSizeBytes() > 0);
      assertFalse(engine.parts().isVolatile());
      engine.close();
      Engine again = Engine.open(path, OPTIONS.withCreateIfMissing(false));
      assertTrue(Entries.contains(again, "k2999"));
      again.close();
    } finally {
      StoreForm.deleteTree(parent);
    }
  }
}
