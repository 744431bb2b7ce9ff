package dev.quire.store;

import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.TreeCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Names of tables, as the catalogue keeps them.
final class TableName {

  /// What names of the store's own tables begin with.
  private static final String RESERVED = "quire.";

  private TableName() {}

  /// The bytes of a name.
  ///
  /// @throws IllegalArgumentException if the name is not allowed
  static byte[] encode(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > Limits.MAX_TABLE_NAME_BYTES) {
      throw new IllegalArgumentException(
          "table name of "
              + bytes.length
              + " bytes: allowed are 1 to "
              + Limits.MAX_TABLE_NAME_BYTES
              + " bytes of UTF-8");
    }
    if (name.startsWith(RESERVED)) {
      throw new IllegalArgumentException(
          "table name \"" + name + "\": names that begin with \"quire.\" are the store's own");
    }
    if (!new String(bytes, StandardCharsets.UTF_8).equals(name)) {
      throw new IllegalArgumentException("table name \"" + name + "\": half of a surrogate pair");
    }
    return bytes;
  }

  /// The names in a catalogue, without those of the store's own tables.
  static List<String> list(PageReader pages, long catalogueRef) {
    try {
      List<String> names = read(pages, catalogueRef);
      PendingFault.raise();
      return List.copyOf(names);
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  private static List<String> read(PageReader pages, long catalogueRef) {
    List<String> names = new ArrayList<>();
    TreeCursor cursor = new TreeCursor(pages);
    cursor.open(catalogueRef);
    for (boolean found = cursor.first(); found; found = cursor.next()) {
      byte[] bytes = new byte[cursor.keyLength()];
      cursor.copyKey(bytes);
      String name = new String(bytes, StandardCharsets.UTF_8);
      if (!name.startsWith(RESERVED)) {
        names.add(name);
      }
    }
    return names;
  }
}
