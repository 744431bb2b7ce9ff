package dev.quire.store.internal.salvage;

import dev.quire.store.internal.format.MapPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.PageSet;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The pages that a superblock's state consists of, from its space map: if all of that is whole.
final class LiveMap {

  private final DamagedFile file;
  private final PageSet live = new PageSet();

  private LiveMap(DamagedFile file) {
    this.file = file;
  }

  static @Nullable PageSet read(DamagedFile file, Superblock b) {
    LiveMap map = new LiveMap(file);
    boolean whole =
        b.mapRef() != PageRef.NONE && map.read(b.mapRef(), b.mapLevels() - 1, 0, b.mapLevels());
    return whole ? map.live : null;
  }

  /// @param first index of the first leaf below the page
  private boolean read(long ref, int level, long first, int levels) {
    MemorySegment page = file.newPage();
    PageType type = level == 0 ? PageType.MAP_LEAF : PageType.MAP_INDEX;
    if (level < 0
        || level >= levels
        || file.load(ref, page) != null
        || PageHeader.typeCode(PageHeader.shape(page, 0)) != type.code()) {
      return false;
    }
    int size = file.pageSizeBytes();
    if (level == 0) {
      addLeaf(page, first * MapPage.bitsPerLeaf(size));
      return true;
    }
    long reach = 1;
    for (int i = 1; i < level; i++) {
      reach *= MapPage.refsPerIndex(size);
    }
    for (int i = 0; i < MapPage.refsPerIndex(size); i++) {
      long child = MapPage.ref(page, 0, i);
      if (child != PageRef.NONE && !read(child, level - 1, first + i * reach, levels)) {
        return false;
      }
    }
    return true;
  }

  private void addLeaf(MemorySegment page, long firstPage) {
    int words = (int) (MapPage.bitsPerLeaf(file.pageSizeBytes()) / Long.SIZE);
    for (int word = 0; word < words; word++) {
      long bits = MapPage.word(page, 0, word);
      for (; bits != 0; bits &= bits - 1) {
        long at = (long) word * Long.SIZE + Long.numberOfTrailingZeros(bits);
        if (firstPage + at < file.pages()) {
          live.add(firstPage + at, 1);
        }
      }
    }
  }
}
