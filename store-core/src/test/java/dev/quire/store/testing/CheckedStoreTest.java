package dev.quire.store.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.CheckReport;
import dev.quire.store.errors.Violation;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CheckedStoreTest {

  @RegisterExtension private final CheckedStore durable = CheckedStore.durable();
  @RegisterExtension private final CheckedStore inMemory = CheckedStore.inMemory();

  @Test
  void store_durable_isThereAgain() {
    byte[] key = {1};
    durable.store().table("t").put(key, key);
    assertArrayEquals(key, durable.reopen().table("t").get(key));
    assertTrue(Files.isDirectory(durable.directory()));
  }

  @Test
  void store_inMemory_hasNoDirectory() {
    inMemory.store().table("t").put(new byte[1], new byte[10_000]);
    assertThrows(IllegalStateException.class, inMemory::directory);
  }

  @Test
  void assertClean_reportWithViolation_fails() {
    CheckReport report =
        new CheckReport(
            Map.of(), Map.of(), List.of(new Violation(7, "this", "that")), List.of(), List.of());
    assertThrows(AssertionError.class, () -> CheckedStore.assertClean(report));
  }
}
