package dev.quire.store.lmdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.TableOptions;
import dev.quire.store.errors.NotAStoreException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Txn;

/// The tables of one snapshot: the names in LMDB's unnamed database, each with its open handle.
///
/// The backend has one database of its own, [#OPTIONS]: a table that is named in it has numbers as
/// keys. There is no other difference to a database that any program of LMDB makes.
final class LmdbCatalogue {

  /// The database of the tables' options: name of a table of integer keys -> one byte, 1.
  static final String OPTIONS = LmdbKeys.RESERVED + "tables";

  /// A database that is open.
  ///
  /// @param oddFlags flags that the order of keys or the number of values depend on
  record Handle(Dbi<MemorySegment> dbi, boolean integerKeys, List<DbiFlags> oddFlags) {

    /// The same database with other options.
    Handle withIntegerKeys(boolean integers) {
      return new Handle(dbi, integers, oddFlags);
    }

    /// @throws UnsupportedOperationException if the database is none that a table can be
    Handle require(String name) {
      if (!oddFlags.isEmpty()) {
        throw new UnsupportedOperationException(
            "database \""
                + name
                + "\" was made with "
                + oddFlags
                + ": its order is not that of a table; \"quire migrate\" can read it");
      }
      return this;
    }

    /// @throws IllegalArgumentException if the table has other options
    void requireOptions(String name, TableOptions asked) {
      TableOptions own = TableOptions.defaults().withIntegerKeys(integerKeys);
      if (!own.equals(asked)) {
        throw new IllegalArgumentException(
            "table \"" + name + "\" exists with " + own + ", asked for was " + asked);
      }
    }
  }

  /// @throws UnsupportedOperationException if LMDB has no place for what the options ask for
  static void requireSupported(TableOptions options) {
    if (options.isBounded()) {
      throw new UnsupportedOperationException(
          "LMDB evicts nothing, and has no place for the order of entries: "
              + options
              + " asks for a bound");
    }
    if (!options.equals(TableOptions.defaults().withIntegerKeys(options.integerKeys()))) {
      throw new UnsupportedOperationException(
          "LMDB keeps no expiry: " + options + " asks for some");
    }
  }

  static final LmdbCatalogue EMPTY = new LmdbCatalogue(Map.of());

  private final Map<String, Handle> tables;

  LmdbCatalogue(Map<String, Handle> tables) {
    this.tables = tables;
  }

  @Nullable Handle find(String name) {
    return tables.get(name);
  }

  /// The tables, changeable.
  Map<String, Handle> copy() {
    return new LinkedHashMap<>(tables);
  }

  /// Names of the tables that a user sees, in order.
  List<String> names() {
    return names(tables.keySet());
  }

  static List<String> names(Set<String> all) {
    List<byte[]> encoded = new ArrayList<>();
    for (String name : all) {
      if (!name.startsWith(LmdbKeys.RESERVED)) {
        encoded.add(name.getBytes(UTF_8));
      }
    }
    encoded.sort(Arrays::compareUnsigned);
    List<String> names = new ArrayList<>();
    for (byte[] name : encoded) {
      names.add(new String(name, UTF_8));
    }
    return List.copyOf(names);
  }

  /// The catalogue of a transaction's snapshot, or null if a database of it is not open yet.
  ///
  /// @param opened the handles that were open when the transaction began
  static @Nullable LmdbCatalogue read(
      Txn<MemorySegment> txn,
      Dbi<MemorySegment> unnamed,
      Function<String, @Nullable Handle> opened) {
    Map<String, Handle> found = new LinkedHashMap<>();
    for (String name : databases(txn, unnamed)) {
      Handle handle = opened.apply(name);
      if (handle == null) {
        return null;
      }
      found.put(name, handle.withIntegerKeys(false));
    }
    for (String name : integerTables(txn, found.get(OPTIONS))) {
      found.computeIfPresent(name, (_, handle) -> handle.withIntegerKeys(true));
    }
    return new LmdbCatalogue(found);
  }

  private static Set<String> integerTables(Txn<MemorySegment> txn, @Nullable Handle options) {
    Set<String> names = new HashSet<>();
    if (options != null) {
      try (Cursor<MemorySegment> cursor = options.dbi.openCursor(txn)) {
        while (cursor.next()) {
          names.add(new String(SegmentProxy.bytes(cursor.key()), UTF_8));
        }
      }
    }
    return names;
  }

  /// The names in the unnamed database.
  ///
  /// @throws NotAStoreException if one of them can be no table's
  static List<String> databases(Txn<MemorySegment> txn, Dbi<MemorySegment> unnamed) {
    List<String> names = new ArrayList<>();
    try (Cursor<MemorySegment> cursor = unnamed.openCursor(txn)) {
      while (cursor.next()) {
        byte[] key = SegmentProxy.bytes(cursor.key());
        String name = LmdbKeys.decodeName(key);
        if (name == null) {
          throw notATable(HexFormat.of().formatHex(key));
        }
        names.add(name);
      }
    }
    return names;
  }

  static NotAStoreException notATable(String name) {
    return new NotAStoreException(
        "the unnamed database of this LMDB environment has an entry \""
            + name
            + "\" that is not a database, or none that a table can be called;"
            + " \"quire migrate\" can read it");
  }
}
