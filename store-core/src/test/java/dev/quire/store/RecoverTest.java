package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import dev.quire.store.testing.CheckedStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: of a damaged store everything is saved that is not in a damaged page, what is missing is
/// named, and nothing is wrong.
///
/// Method: a store with tables of both kinds, long keys and long values; each page is damaged in
/// turn, in a random place. Each entry is either saved with its value, or in a range that is told
/// as lost; no more is lost than the damaged page can hold.
class RecoverTest {

  private static final int PAGE = 4096;

  @TempDir private Path directory;
  private final Random random = new Random(Campaign.seed());
  private final Map<String, TreeMap<byte[], byte[]>> tables = new TreeMap<>();
  private Path store;
  private byte[] image;

  @BeforeEach
  void fill() throws IOException {
    Path source = directory.resolve("source");
    tables.put("bytes", new TreeMap<>(Arrays::compareUnsigned));
    tables.put("integers", new TreeMap<>(Arrays::compareUnsigned));
    for (int i = 0; i < 150; i++) {
      byte[] key = new byte[i % 29 == 0 ? 3_000 : 12];
      key[key.length - 1] = (byte) i;
      tables.get("bytes").put(key, value(i));
      tables.get("integers").put(Keys.ofLong(i), value(i + 3));
    }
    store = directory.resolve("store");
    StoreOptions options = StoreOptions.defaults().withRingSizeBytes(64 << 10);
    try (Store opened = Store.open(source, options)) {
      try (WriteTxn txn = opened.beginWrite()) {
        txn.table("integers", TableOptions.defaults().withIntegerKeys(true));
        tables.forEach((name, all) -> all.forEach((k, v) -> txn.table(name).put(k, v)));
        txn.commit();
      }
      opened.backup(store);
    }
    image = Files.readAllBytes(store.resolve("data"));
  }

  private byte[] value(int i) {
    byte[] value = new byte[i % 37 == 0 ? 9_000 : 150];
    random.nextBytes(value);
    return value;
  }

  private RecoveryReport recover(byte[] damaged, Path target) throws IOException {
    Files.write(store.resolve("data"), damaged);
    return Store.recover(store, target);
  }

  private static long saved(RecoveryReport report) {
    return report.entries().values().stream().mapToLong(Long::longValue).sum();
  }

  private long entries() {
    return tables.values().stream().mapToLong(Map::size).sum();
  }

  private static boolean isLost(RecoveryReport report, String table, byte[] key) {
    for (RecoveryReport.Loss loss : report.losses()) {
      byte[] from = loss.from();
      byte[] to = loss.to();
      if ((loss.table() == null || loss.table().equals(table))
          && (from == null || Arrays.compareUnsigned(from, key) <= 0)
          && (to == null || Arrays.compareUnsigned(key, to) < 0)) {
        return true;
      }
    }
    return false;
  }

  /// @return number of entries that are missing
  private int compare(RecoveryReport report, Path target, String hint) {
    int missing = 0;
    try (Store saved = Store.open(target)) {
      CheckedStore.assertClean(saved);
      for (String table : tables.keySet()) {
        TreeMap<byte[], byte[]> all = tables.get(table);
        int here = 0;
        for (Map.Entry<byte[], byte[]> entry : all.entrySet()) {
          byte[] found = saved.table(table).get(entry.getKey());
          if (found == null) {
            assertTrue(isLost(report, table, entry.getKey()), () -> hint + ": " + report);
            missing++;
          } else {
            assertArrayEquals(entry.getValue(), found, hint);
            here++;
          }
        }
        assertEquals(here, saved.table(table).count(), hint);
        assertEquals(here, report.entries().getOrDefault(table, 0L), hint);
      }
    }
    return missing;
  }

  @Test
  void recover_eachPageDamagedInTurn_losesOnlyWhatIsInIt() throws IOException {
    int pages = image.length / PAGE;
    int withLosses = 0;
    List<Integer> hopeless = new ArrayList<>();
    for (int page = 0; page < pages; page++) {
      if (page > 4 && page < 20) {
        continue; // the log, of which there is none
      }
      byte[] damaged = image.clone();
      damaged[page * PAGE + random.nextInt(PAGE)] ^= (byte) (1 << random.nextInt(8));
      Path target = directory.resolve("saved" + page);
      String hint = "page " + page + ", -Dquire.seed=" + Campaign.seed();
      RecoveryReport report;
      try {
        report = recover(damaged, target);
      } catch (CorruptPageException e) {
        hopeless.add(page);
        assertFalse(Files.exists(target), hint);
        assertFalse(Files.exists(directory.resolve("saved" + page + ".new")), hint);
        continue;
      }
      int missing = compare(report, target, hint);
      assertEquals(report.isComplete(), missing == 0, () -> hint + ": " + report);
      // The catalogue has one page here: its tables lose their names then, not their entries.
      boolean nameless = report.entries().containsKey("recovered-1");
      assertTrue(nameless ? saved(report) == entries() : missing < 200, () -> hint + report);
      withLosses += missing > 0 ? 1 : 0;
    }
    assertTrue(withLosses > 5, "pages with losses: " + withLosses);
    assertEquals(List.of(), hopeless, "pages without which nothing can be saved");
  }

  @Test
  void recover_noSuperblock_findsTheCatalogue() throws IOException {
    byte[] damaged = image.clone();
    Arrays.fill(damaged, 0, 4 * PAGE, (byte) 0);
    Path target = directory.resolve("saved");
    RecoveryReport report = recover(damaged, target);
    assertTrue(report.isComplete());
    assertTrue(report.notes().getFirst().contains("no superblock"), () -> report.toString());
    assertEquals(0, compare(report, target, "no superblock"));
  }

  @Test
  void recover_nothingLeft_isAnError() throws IOException {
    byte[] damaged = image.clone();
    random.nextBytes(damaged);
    assertThrows(CorruptPageException.class, () -> recover(damaged, directory.resolve("saved")));
    assertFalse(Files.exists(directory.resolve("saved")));
  }

  @Test
  void recover_truncatedFile_savesTheRest() throws IOException {
    byte[] damaged = Arrays.copyOf(image, image.length * 3 / 4);
    try {
      Path target = directory.resolve("saved");
      compare(recover(damaged, target), target, "cut");
    } catch (CorruptPageException e) {
      assertFalse(Files.exists(directory.resolve("saved")));
    }
  }

  /// The catalogue of a store of few tables is one page.
  @Test
  void recover_catalogueDamaged_findsTheTablesByTheirPages() throws IOException {
    byte[] damaged = image.clone();
    damaged[cataloguePage() * PAGE + 300] ^= 1;
    damaged[cataloguePage() * PAGE + 9] ^= 1;
    Path target = directory.resolve("saved");
    RecoveryReport report = recover(damaged, target);
    assertEquals(Set.of("recovered-1", "recovered-2"), report.entries().keySet());
    assertEquals(1, report.losses().size(), report::toString);
    Set<List<Integer>> expected = new HashSet<>();
    tables.values().forEach(all -> expected.add(hashes(all)));
    Set<List<Integer>> found = new HashSet<>();
    try (Store saved = Store.open(target)) {
      CheckedStore.assertClean(saved);
      for (String name : saved.tables()) {
        TreeMap<byte[], byte[]> all = new TreeMap<>(Arrays::compareUnsigned);
        try (Cursor cursor = saved.table(name).cursor()) {
          while (cursor.next()) {
            all.put(cursor.key(), cursor.valueBytes());
          }
        }
        found.add(hashes(all));
        RecoveryReport.Nameless told =
            report.nameless().stream()
                .filter(t -> t.table().equals(name))
                .findFirst()
                .orElseThrow();
        assertArrayEquals(all.firstKey(), told.first());
        assertArrayEquals(all.lastKey(), told.last());
      }
    }
    assertEquals(expected, found);
  }

  private int cataloguePage() {
    MemorySegment memory = MemorySegment.ofArray(image);
    return (int) PageRef.pageNo(SuperblockPage.read(memory, 2 * PAGE).catalogueRef());
  }

  private static List<Integer> hashes(TreeMap<byte[], byte[]> all) {
    List<Integer> hashes = new ArrayList<>();
    all.forEach((key, value) -> hashes.add(31 * Arrays.hashCode(key) + Arrays.hashCode(value)));
    return hashes;
  }

  /// What was acknowledged since the last checkpoint is in the log alone.
  @Test
  void recover_transactionsInTheLog_areBroughtIn() throws IOException {
    Path source = directory.resolve("source");
    byte[] damaged;
    try (Store opened = Store.open(source)) {
      opened.checkpoint();
      Table bytes = opened.table("bytes");
      for (int i = 0; i < 10; i++) {
        byte[] key = new byte[12];
        key[11] = (byte) (i + 200);
        bytes.put(key, value(i + 1));
        tables.get("bytes").put(key, bytes.get(key));
      }
      for (int i = 10; i < 20; i++) {
        opened.table("integers").delete(i);
        tables.get("integers").remove(Keys.ofLong(i));
      }
      opened.table("integers").deleteRange(KeyRange.atLeast(Keys.ofLong(140)));
      tables.get("integers").tailMap(Keys.ofLong(140), true).clear();
      opened.table("new").put(new byte[] {1}, new byte[] {2});
      opened.table("gone").put(new byte[] {1}, new byte[] {2});
      opened.dropTable("gone");
      tables.put("new", new TreeMap<>(Arrays::compareUnsigned));
      tables.get("new").put(new byte[] {1}, new byte[] {2});
      damaged = Files.readAllBytes(source.resolve("data"));
    }
    Path target = directory.resolve("saved");
    RecoveryReport report = recover(damaged, target);
    assertEquals(List.of(), report.losses());
    assertTrue(report.notes().toString().contains("were brought in"), report::toString);
    assertEquals(0, compare(report, target, "with a log"));
    assertEquals(tables.keySet(), report.entries().keySet());
  }

  /// The store is renamed in the place of the target when all is saved: what cannot be replaced is
  /// refused before, and a link is followed.
  @Test
  void recover_intoWhatIsThere_takesAnEmptyDirectoryOnly() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), empty);
    Path broken = Files.createSymbolicLink(directory.resolve("broken"), directory.resolve("no"));
    Path file = Files.write(directory.resolve("file"), new byte[1]);
    for (Path target : List.of(broken, file, store)) {
      StoreIoException e = assertThrows(StoreIoException.class, () -> recover(image, target));
      assertTrue(String.valueOf(e.getMessage()).contains("empty directory"), e::toString);
    }
    assertEquals(entries(), saved(recover(image, link)));
    try (Store saved = Store.open(empty)) {
      CheckedStore.assertClean(saved);
    }
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(
        List.of(),
        Directories.names(directory).stream().filter(name -> name.endsWith(".new")).toList());
  }
}
