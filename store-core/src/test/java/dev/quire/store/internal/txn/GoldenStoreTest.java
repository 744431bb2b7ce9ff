package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.txn.GoldenStore.Form;
import dev.quire.store.testing.SimulatedRegion;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Stores written by earlier builds open, and hold what they held.
///
/// After a deliberate change of a format that nobody has used yet, [GoldenStore] writes the files
/// anew: run its `main` with `src/test/resources/dev/quire/store/internal/txn` as argument.
class GoldenStoreTest {

  /// The newest version of which there are files.
  static final int VERSION = 1;

  @ParameterizedTest
  @EnumSource(Form.class)
  void open_storeOfVersion1_holdsItsContent(Form form) throws IOException {
    requireContent(GoldenStore.load(1, form));
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void open_storeOfThisBuild_holdsItsContent(Form form) {
    requireContent(GoldenStore.write(form));
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void load_newestVersion_isThisBuilds(Form form) throws IOException {
    assertEquals(SuperblockPage.FORMAT_VERSION, VERSION, "a new version needs files of its own");
    assertTrue(GoldenStore.load(VERSION, form).length > 0);
  }

  private static void requireContent(byte[] image) {
    SimulatedRegion disk = new SimulatedRegion(image, image.length + (4 << 20));
    Engine engine = Opening.onRegion(disk, GoldenStore.options());
    StoreModel content = GoldenStore.content();
    assertNull(CrashOracle.difference(engine, content));
    assertEquals(5, engine.parts().state.head().userIndex());
    engine.close();
    Engine again = Opening.onRegion(disk.successor(), GoldenStore.options());
    assertNull(CrashOracle.difference(again, content));
    again.close();
  }
}
