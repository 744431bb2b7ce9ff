package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.IntegerBranchPage;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.inspect.Inspector.Page;
import dev.quire.store.internal.inspect.Inspector.Part;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/// What the bytes of one page mean, in words. Whatever they are: a page that is not what it says
/// ends the list early.
final class PageText {

  private static final Pattern COMMA = Pattern.compile(", ");

  private final Superblock superblock;
  private final MemorySegment page;
  private final int pageSizeBytes;
  private final List<Part> parts = new ArrayList<>();

  /// @param page a copy in private memory, with room behind it
  PageText(Superblock superblock, MemorySegment page, int pageSizeBytes) {
    this.superblock = superblock;
    this.page = page;
    this.pageSizeBytes = pageSizeBytes;
  }

  /// Describes it as the page of that number.
  Page describe(long pageNo, boolean isVolatile) {
    String kind = kindAt(pageNo, isVolatile);
    if (kind.equals("superblock")) {
      describeSuperblock();
    } else if (kind.isEmpty()) {
      kind = describeTreePage();
    }
    return new Page(
        pageNo, kind, page.asSlice(0, pageSizeBytes).toArray(ValueLayout.JAVA_BYTE), parts);
  }

  private String kindAt(long pageNo, boolean isVolatile) {
    if (isVolatile || pageNo >= superblock.firstPage()) {
      return "";
    }
    return pageNo < Superblock.SUPERBLOCK_PAGES ? "superblock" : "redo ring";
  }

  private void add(int offset, int length, String name, String value) {
    parts.add(new Part(offset, length, name, value));
  }

  private void describeSuperblock() {
    if (!SuperblockPage.hasMagic(page, 0)) {
      add(0, 8, "magic", "none: this is no superblock");
      return;
    }
    Superblock block = SuperblockPage.read(page, 0);
    String text = block.toString();
    String fields = text.substring(text.indexOf('[') + 1, text.length() - 1);
    for (String field : COMMA.split(fields, -1)) {
      int sign = field.indexOf('=');
      add(0, SuperblockPage.SIZE_BYTES, field.substring(0, sign), field.substring(sign + 1));
    }
  }

  private String describeTreePage() {
    long shape = PageHeader.shape(page, 0);
    int type = PageHeader.typeCode(shape);
    String kind = type == 0 ? "empty" : PageKinds.name(type);
    add(0, 4, "crc", Integer.toHexString(PageHeader.crc(page, 0)));
    add(4, 4, "page number", Long.toString(PageHeader.pageNo(page, 0)));
    add(8, 8, "stamp", Long.toString(PageHeader.stamp(page, 0)));
    add(16, 8, "birth", "transaction " + PageHeader.birth(page, 0));
    add(24, 1, "type", kind + (PageHeader.hasCrc(shape) ? ", with a checksum" : ""));
    if (type == OverflowPage.TYPE_CODE) {
      add(32, 8, "data", OverflowPage.dataLength(page, 0) + " bytes");
      return kind;
    }
    boolean leaf = type == LeafPage.TYPE_CODE || type == IntegerLeafPage.TYPE_CODE;
    boolean branch = type == BranchPage.TYPE_CODE || type == IntegerBranchPage.TYPE_CODE;
    if (!leaf && !branch) {
      return kind;
    }
    add(25, 1, "level", Integer.toString(PageHeader.level(shape)));
    add(26, 2, leaf ? "entries" : "separators", Integer.toString(PageHeader.count(shape)));
    add(28, 2, "prefix", PageHeader.prefixLength(shape) + " bytes");
    add(30, 2, "heap", PageHeader.heapBytes(shape) + " bytes");
    if (!PageExtent.isSound(shape, pageSizeBytes)) {
      add(24, 8, "shape", "does not fit a page: what follows cannot be read");
      return kind;
    }
    int used = PageExtent.lowEnd(shape) + PageHeader.heapBytes(shape);
    add(32, used - 32, "in use", used * 100L / pageSizeBytes + " % of the page");
    try {
      if (leaf) {
        describeLeaf(shape, type == IntegerLeafPage.TYPE_CODE);
      } else {
        describeBranch(shape);
      }
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      add(0, 0, "damaged", "a cell lies outside of the page");
    }
    return kind;
  }

  private void describeLeaf(long shape, boolean integers) {
    PageEntry key = new PageEntry();
    for (int i = 0; i < PageHeader.count(shape); i++) {
      PageEditor.readKey(page, 0, shape, i, key);
      long cell =
          integers ? IntegerLeafPage.cell(page, 0, shape, i) : LeafPage.cell(page, 0, shape, i);
      long head = LeafCell.head(page, cell);
      String value = LeafCell.valueLength(head) + " bytes";
      if (LeafCell.isOverflow(head)) {
        value += " at page " + PageRef.pageNo(LeafCell.valueRef(page, cell, head));
      }
      long expiry = LeafCell.expiryMillis(page, cell, head);
      if (expiry != 0) {
        value += ", expires at " + expiry;
      }
      add((int) cell, (int) LeafCell.sizeBytes(head), "entry " + i, keyText(key) + ": " + value);
    }
  }

  private void describeBranch(long shape) {
    PageEntry key = new PageEntry();
    for (int i = 0; i <= PageHeader.count(shape); i++) {
      String from = "-";
      if (i > 0) {
        PageEditor.readKey(page, 0, shape, i - 1, key);
        from = keyText(key);
      }
      long ref = ChildRefs.get(page, 0, shape, i);
      add(0, 0, "child " + i, "page " + PageRef.pageNo(ref) + ", keys from " + from);
    }
  }

  private static String keyText(PageEntry key) {
    int length = Math.min(key.storedLength, key.key.length);
    byte[] stored = Arrays.copyOf(key.key, Math.min(length, 64));
    StringBuilder text = new StringBuilder();
    for (byte b : stored) {
      if (b < ' ' || b > '~') {
        return "0x" + HexFormat.of().formatHex(stored) + (length > 64 ? "..." : "");
      }
      text.append((char) b);
    }
    return '"' + text.toString() + '"' + (key.keyLength > text.length() ? "..." : "");
  }
}
