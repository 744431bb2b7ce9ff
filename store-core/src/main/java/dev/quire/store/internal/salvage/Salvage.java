package dev.quire.store.internal.salvage;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.txn.DamagedDataFile;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a new store of everything that can be read of a damaged one, and says what is lost.
///
/// 1. The catalogue is that of the newest superblock; if none can be read, or it names none that is
///    whole, the newest that is found among all pages ([CatalogueScan]).
/// 2. Each table is walked ([TreeSalvage]). Every page is checked against its CRC first.
///
/// The log is not looked at: it changes pages that may not be there.
public final class Salvage {

  /// Keys that are lost.
  ///
  /// @param table of that table, or null: whole tables with names in the range
  /// @param from least key, or null
  /// @param to first key that is not meant, or null
  /// @param reason what was found
  public record Loss(
      @Nullable String table, byte @Nullable [] from, byte @Nullable [] to, String reason) {}

  /// What became of a store.
  ///
  /// @param entries number of entries saved, by table
  /// @param losses what could not be read
  /// @param notes what else should be known
  public record Report(Map<String, Long> entries, List<Loss> losses, List<String> notes) {}

  /// A table found in the catalogue.
  private record Named(byte[] name, TableRecord record) {}

  private final DamagedDataFile data;
  private final NativeBuffers memory;
  private final Map<String, Long> entries = new LinkedHashMap<>();
  private final List<Loss> losses = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final MemorySegment rest;
  private MemorySegment value;

  private Salvage(DamagedDataFile data) {
    this.data = data;
    this.memory = data.buffers();
    this.rest = memory.allocate(Limits.MAX_KEY_BYTES);
    this.value = rest;
  }

  /// Saves what can be read.
  ///
  /// @param damaged directory of a store that nobody has open
  /// @param target new or empty
  /// @throws CorruptPageException if no catalogue can be found
  public static Report run(Path damaged, Path target, StoreOptions options) {
    try (DamagedDataFile data = DamagedDataFile.open(damaged, options)) {
      return new Salvage(data).run(target, options);
    }
  }

  private Report run(Path target, StoreOptions options) {
    Superblock b = data.superblock();
    DamagedFile file = null;
    long catalogue = PageRef.NONE;
    int level = 0;
    boolean known = false;
    if (b != null && data.isNewest()) {
      file = new DamagedFile(data.region(), memory, b.pageSizeBytes(), b.checksums());
      catalogue = b.catalogueRef();
      MemorySegment page = file.newPage();
      known = catalogue == PageRef.NONE || file.load(catalogue, page) == null;
      level = PageHeader.level(PageHeader.shape(page, 0));
      if (data.loggedTransactions() > 0) {
        notes.add(
            data.loggedTransactions()
                + " transactions in the log, behind transaction "
                + b.txnId()
                + ", were not brought in");
      }
    }
    if (!known || file == null) {
      CatalogueScan.Found found = CatalogueScan.find(data.region(), memory);
      if (found == null) {
        throw new CorruptPageException(
            new Violation(
                -1, "a superblock, or a page of the catalogue", "none: no table can be found"));
      }
      file = found.file();
      catalogue = found.ref();
      level = found.level();
      notes.add(
          (b == null ? "no superblock can be read" : "the newest catalogue cannot be read")
              + ": saved is what transaction "
              + found.birth()
              + " left, the newest that was found; later ones may be lost");
    }
    if (!file.hasChecksums()) {
      notes.add("the pages have no checksums: damaged keys and values were not told from others");
    }
    StoreOptions made =
        options
            .withPageSizeBytes(file.pageSizeBytes())
            .withChecksums(file.hasChecksums() ? Checksums.WRITE : Checksums.OFF);
    try (SalvageTarget store = new SalvageTarget(target, made)) {
      for (Named table : tables(file, catalogue, level)) {
        save(file, table, store);
      }
      store.finish(b == null ? 0 : b.userTerm(), b == null ? 0 : b.userIndex());
    }
    return new Report(entries, losses, notes);
  }

  private List<Named> tables(DamagedFile file, long catalogue, int level) {
    List<Named> found = new ArrayList<>();
    SalvageSink sink =
        new SalvageSink() {
          @Override
          public void entry(
              PageEntry key, MemorySegment source, long offset, long length, long expiryMillis) {
            byte[] name = Arrays.copyOf(key.key, key.keyLength);
            boolean sound =
                length == TableRecord.SIZE_BYTES
                    && CatalogueScan.isSound(TableRecord.read(source, offset));
            if (sound) {
              found.add(new Named(name, TableRecord.read(source, offset)));
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
    new TreeSalvage(file, sink, rest).walk(catalogue, level + 1, false);
    return found;
  }

  private void save(DamagedFile file, Named table, SalvageTarget store) {
    String name = new String(table.name(), StandardCharsets.UTF_8);
    boolean integers = table.record().kind() == TableRecord.KIND_INTEGERS;
    store.begin(table.name(), integers);
    entries.put(name, 0L);
    SalvageSink sink =
        new SalvageSink() {
          @Override
          public void entry(
              PageEntry key, MemorySegment source, long offset, long length, long expiryMillis) {
            store.put(key, source, offset, length, expiryMillis);
            entries.merge(name, 1L, Long::sum);
          }

          @Override
          public void longEntry(PageEntry key, long run, long length, long expiryMillis) {
            if (value.byteSize() < length) {
              value = memory.allocate(Math.max(length, 2 * value.byteSize()));
            }
            file.readRun(run, 0, value, length);
            entry(key, value, 0, length, expiryMillis);
          }

          @Override
          public void lost(byte @Nullable [] from, byte @Nullable [] to, String reason) {
            losses.add(new Loss(name, from, to, reason));
          }
        };
    new TreeSalvage(file, sink, rest)
        .walk(table.record().rootRef(), table.record().depth(), integers);
  }
}
