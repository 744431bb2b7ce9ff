package dev.quire.store.internal.salvage;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.txn.DamagedDataFile;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Which state of a damaged store is saved.
///
/// It is that of the newest superblock, if that and its space map, or its catalogue, can be read.
/// Else it is what the newest catalogue says that is found among all pages ([CatalogueScan]).
///
/// @param file the pages
/// @param catalogue reference to the catalogue's root, or [PageRef#NONE] if it cannot be read
/// @param level its level
/// @param isNewest whether it is the newest superblock's, which the log continues
/// @param isEmpty whether that superblock has no tables
record SalvageSource(
    DamagedFile file, long catalogue, int level, boolean isNewest, boolean isEmpty) {

  /// @param notes what should be known about it
  static SalvageSource of(DamagedDataFile data, List<String> notes) {
    SalvageSource source = choose(data, notes);
    if (!source.file.hasChecksums()) {
      notes.add("the pages have no checksums: damaged keys and values were not told from others");
    }
    return source;
  }

  private static SalvageSource choose(DamagedDataFile data, List<String> notes) {
    NativeBuffers memory = data.buffers();
    Superblock b = data.superblock();
    if (b != null && data.isNewest()) {
      DamagedFile file = new DamagedFile(data.region(), memory, b.pageSizeBytes(), b.checksums());
      long catalogue = b.catalogueRef();
      MemorySegment page = file.newPage();
      if (catalogue == PageRef.NONE) {
        return new SalvageSource(file, PageRef.NONE, 0, true, true);
      }
      if (file.load(catalogue, page) == null) {
        int level = PageHeader.level(PageHeader.shape(page, 0));
        return new SalvageSource(file, catalogue, level, true, false);
      }
      if (LiveMap.read(file, b) != null) {
        return new SalvageSource(file, PageRef.NONE, 0, true, false);
      }
    }
    CatalogueScan.Found found = CatalogueScan.find(data.region(), memory);
    if (found != null) {
      notes.add(
          (b == null ? "no superblock can be read" : "the newest catalogue cannot be read")
              + ": saved is what transaction "
              + found.birth()
              + " left, the newest that was found; later ones may be lost");
      return new SalvageSource(found.file(), found.ref(), found.level(), false, false);
    }
    if (b == null) {
      throw new CorruptPageException(
          new Violation(
              -1, "a superblock, or a page of the catalogue", "none: no table can be found"));
    }
    DamagedFile file = new DamagedFile(data.region(), memory, b.pageSizeBytes(), b.checksums());
    return new SalvageSource(file, PageRef.NONE, 0, data.isNewest(), false);
  }
}
