package dev.quire.store.internal.salvage;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.RedoOperation;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PageSet;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.salvage.OrphanScan.Orphan;
import dev.quire.store.internal.txn.DamagedDataFile;
import dev.quire.store.internal.txn.EvictionQueue;
import dev.quire.store.internal.txn.ExpiryIndex;
import dev.quire.store.internal.txn.TableSettings;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a new store of everything that can be read of a damaged one, and says what is lost.
///
/// 1. The catalogue is that of the newest superblock ([SalvageSource]).
/// 2. Each table is walked ([TreeSalvage]). Every page is checked against its CRC first.
/// 3. What belongs to a table whose record is lost is found by its pages ([OrphanScan]) and gets a
///    name.
/// 4. The log is brought in, operation by operation: what it says does not depend on any page.
public final class Salvage {

  /// Keys that are lost.
  ///
  /// @param table of that table, or null: whole tables with names in the range
  /// @param from least key, or null
  /// @param to first key that is not meant, or null
  /// @param reason what was found
  public record Loss(
      @Nullable String table, byte @Nullable [] from, byte @Nullable [] to, String reason) {}

  /// A table whose name is lost.
  ///
  /// @param table the name that it was given
  /// @param first its first key
  /// @param last its last key
  public record Nameless(String table, byte[] first, byte[] last) {}

  /// What became of a store.
  ///
  /// @param entries number of entries saved, by table
  /// @param nameless those tables among them whose names are lost
  /// @param losses what could not be read
  /// @param notes what else should be known
  public record Report(
      Map<String, Long> entries, List<Nameless> nameless, List<Loss> losses, List<String> notes) {}

  /// A table found in the catalogue.
  private record Named(byte[] name, TableRecord record) {}

  /// A table that was saved, as far as the log is concerned.
  private record Saved(byte[] name, TableSettings settings) {}

  private final DamagedDataFile data;
  private final SalvageSource source;
  private final DamagedFile file;
  private final NativeBuffers memory;
  private final SalvageTarget store;
  private final Map<Integer, Saved> savedById = new LinkedHashMap<>();
  private final List<byte[]> names = new ArrayList<>();
  private final List<byte[]> given = new ArrayList<>();
  private final List<Loss> losses = new ArrayList<>();
  private final List<String> notes;
  private final BitSet visited = new BitSet();
  private final MemorySegment rest;
  private int unknownOperations;

  private Salvage(
      DamagedDataFile data, SalvageSource source, SalvageTarget store, List<String> notes) {
    this.data = data;
    this.source = source;
    this.file = source.file();
    this.memory = data.buffers();
    this.store = store;
    this.notes = notes;
    this.rest = memory.allocate(Limits.MAX_STORED_KEY_BYTES);
  }

  /// Saves what can be read.
  ///
  /// @param damaged directory of a store that nobody has open
  /// @param target new or empty
  /// @throws CorruptPageException if neither a superblock nor a page of a tree can be found
  public static Report run(Path damaged, Path target, StoreOptions options) {
    try (DamagedDataFile data = DamagedDataFile.open(damaged, options)) {
      List<String> notes = new ArrayList<>();
      SalvageSource source = SalvageSource.of(data, notes);
      StoreOptions made =
          options
              .withPageSizeBytes(source.file().pageSizeBytes())
              .withChecksums(source.file().hasChecksums() ? Checksums.WRITE : Checksums.OFF);
      try (SalvageTarget store = new SalvageTarget(target, made)) {
        return new Salvage(data, source, store, notes).run();
      }
    }
  }

  private Report run() {
    if (source.catalogue() == PageRef.NONE) {
      String reason = "the catalogue, of one page, cannot be read";
      if (!source.isEmpty()) {
        losses.add(new Loss(null, null, null, reason));
      }
    } else {
      saveAll(tables(source.catalogue(), source.level()));
    }
    if (hasLostTables()) {
      saveOrphans();
    }
    if (source.isNewest()) {
      bringInTheLog();
    }
    Map<String, Long> entries = new LinkedHashMap<>();
    for (byte[] name : names) {
      long count = store.entriesOf(name);
      if (count >= 0) {
        entries.put(words(name), count);
      }
    }
    if (entries.isEmpty() && !losses.isEmpty()) {
      throw new CorruptPageException(
          new Violation(-1, "a page of the catalogue or of a table", "none that is whole"));
    }
    List<Nameless> nameless = new ArrayList<>();
    for (byte[] name : given) {
      Nameless table = store.describe(name);
      if (table != null) {
        nameless.add(table);
      }
    }
    store.finish(data.userTerm(), data.userIndex());
    return new Report(entries, nameless, losses, notes);
  }

  private boolean hasLostTables() {
    for (Loss loss : losses) {
      if (loss.table() == null) {
        return true;
      }
    }
    return false;
  }

  static String words(byte[] name) {
    return new String(name, StandardCharsets.UTF_8);
  }

  private void saveAll(List<Named> tables) {
    for (Named table : tables) {
      if (isDerived(table.name())) {
        // It is made anew from the entries. Its pages count as visited.
        visit(table.record());
        continue;
      }
      TableSettings settings = TableSettings.of(table.record());
      begin(table.name(), settings);
      store.takeCodecs(table.record());
      savedById.put(table.record().tableId(), new Saved(table.name(), settings));
      String name = words(table.name());
      walk(name, table.record().rootRef(), table.record().depth(), settings.integerKeys());
    }
  }

  /// Whether a table follows from the others.
  private static boolean isDerived(byte[] name) {
    return words(name).equals(ExpiryIndex.NAME) || words(name).equals(EvictionQueue.NAME);
  }

  private void visit(TableRecord table) {
    SalvageSink nothing =
        new SalvageSink() {
          @Override
          public void entry(
              PageEntry key, MemorySegment page, long offset, long length, long expiryMillis) {}

          @Override
          public void longEntry(PageEntry key, long run, long length, long expiryMillis) {}

          @Override
          public void lost(byte @Nullable [] from, byte @Nullable [] to, String reason) {}
        };
    walk(nothing, table.rootRef(), table.depth(), false);
  }

  private void begin(byte[] name, TableSettings settings) {
    boolean isKnown = false;
    for (byte[] known : names) {
      isKnown |= Arrays.equals(known, name);
    }
    if (!isKnown) {
      names.add(name);
    }
    store.begin(name, settings);
  }

  /// Trees that no record names: first those that are parts of the catalogue.
  private void saveOrphans() {
    Superblock b = data.superblock();
    PageSet live = b != null && source.isNewest() ? LiveMap.read(file, b) : null;
    if (live == null) {
      notes.add("the space map cannot be read: what was found may be of an older state");
    }
    for (Orphan orphan : OrphanScan.find(file, live, visited)) {
      if (orphan.catalogue() && !visited.get((int) PageRef.pageNo(orphan.ref()))) {
        saveAll(tables(orphan.ref(), orphan.level()));
      }
    }
    int number = 0;
    for (Orphan orphan : OrphanScan.find(file, live, visited)) {
      if (!orphan.catalogue()) {
        byte[] name = unusedName(++number);
        given.add(name);
        begin(name, TableSettings.plain(orphan.integers()));
        walk(words(name), orphan.ref(), orphan.level() + 1, orphan.integers());
        notes.add(words(name) + " is what was found of a table whose name is lost");
      }
    }
  }

  private byte[] unusedName(int number) {
    String name = "recovered-" + number;
    while (store.hasTable(name.getBytes(StandardCharsets.UTF_8))) {
      name += "'";
    }
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private void bringInTheLog() {
    data.forEachLogged(this::bringIn);
    if (data.loggedTransactions() > 0) {
      notes.add(data.loggedTransactions() + " transactions in the log were brought in");
    }
    if (unknownOperations > 0) {
      notes.add(
          unknownOperations
              + " operations in the log were on tables whose names are lost;"
              + " they were not brought in");
    }
  }

  private void bringIn(MemorySegment log, long at) {
    byte[] key = new byte[RedoOperation.keyLength(log, at)];
    MemorySegment.copy(log, JAVA_BYTE, at + RedoOperation.SIZE_BYTES, key, 0, key.length);
    if (RedoOperation.code(log, at) == RedoOperation.CREATE_TABLE) {
      if (isDerived(key)) {
        return;
      }
      TableRecord record = TableRecord.read(log, at + RedoOperation.SIZE_BYTES + key.length);
      Saved made = new Saved(key, TableSettings.of(record));
      savedById.put(record.tableId(), made);
      begin(key, made.settings());
      store.takeCodecs(record);
      return;
    }
    Saved table = savedById.get(RedoOperation.tableId(log, at));
    if (table == null) {
      unknownOperations++;
      return;
    }
    store.begin(table.name(), table.settings());
    store.apply(log, at, key);
    if (RedoOperation.code(log, at) == RedoOperation.DROP_TABLE) {
      savedById.remove(RedoOperation.tableId(log, at));
    }
  }

  private List<Named> tables(long catalogue, int level) {
    List<Named> found = new ArrayList<>();
    SalvageSink sink =
        new SalvageSink() {
          @Override
          public void entry(
              PageEntry key, MemorySegment page, long offset, long length, long expiryMillis) {
            byte[] name = Arrays.copyOf(key.key, key.keyLength);
            boolean sound =
                length == TableRecord.SIZE_BYTES
                    && CatalogueScan.isSound(TableRecord.read(page, offset));
            if (sound) {
              found.add(new Named(name, TableRecord.read(page, offset)));
            } else {
              lost(name, Arrays.copyOf(name, name.length + 1), "its record is no table's");
            }
          }

          @Override
          public void longEntry(PageEntry key, long run, long length, long expiryMillis) {
            byte[] name = Arrays.copyOf(key.key, key.keyLength);
            lost(name, Arrays.copyOf(name, name.length + 1), "its record is no table's");
          }

          @Override
          public void lost(byte @Nullable [] from, byte @Nullable [] to, String reason) {
            losses.add(new Loss(null, from, to, reason));
          }
        };
    walk(sink, catalogue, level + 1, false);
    return found;
  }

  private void walk(SalvageSink sink, long ref, int depth, boolean integers) {
    TreeSalvage tree = new TreeSalvage(file, sink, rest);
    tree.walk(ref, depth, integers);
    visited.or(tree.visited());
  }

  private void walk(String name, long root, int depth, boolean integers) {
    SalvageSink sink =
        new SalvageSink() {
          @Override
          public void entry(
              PageEntry key, MemorySegment page, long offset, long length, long expiryMillis) {
            store.put(key, page, offset, length, expiryMillis);
          }

          @Override
          public void longEntry(PageEntry key, long run, long length, long expiryMillis) {
            store.putLong(key, file.sourceOf(run), length, expiryMillis);
          }

          @Override
          public void lost(byte @Nullable [] from, byte @Nullable [] to, String reason) {
            losses.add(new Loss(name, from, to, reason));
          }
        };
    walk(sink, root, depth, integers);
  }
}
