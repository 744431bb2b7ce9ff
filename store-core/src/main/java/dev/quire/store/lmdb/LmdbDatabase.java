package dev.quire.store.lmdb;

import dev.quire.store.lmdb.LmdbMigration.Choices;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Txn;

/// A database of any program, and what its flags say about its entries.
record LmdbDatabase(Dbi<MemorySegment> dbi, List<DbiFlags> flags) {

  private boolean hasDuplicates() {
    return flags.contains(DbiFlags.MDB_DUPSORT);
  }

  private boolean hasNativeNumbers() {
    return flags.contains(DbiFlags.MDB_INTEGERKEY);
  }

  private boolean isReversed() {
    return flags.contains(DbiFlags.MDB_REVERSEKEY);
  }

  /// Whether its table is one of integer keys. With the number of a duplicate behind it a key is no
  /// number any more.
  boolean becomesNumbers() {
    return hasNativeNumbers() && !hasDuplicates();
  }

  /// @throws UnsupportedOperationException if it has duplicates and they were not chosen to be
  ///   flattened
  void requireCopyable(String what, Choices choices) {
    if (hasDuplicates() && !choices.flattenDuplicates()) {
      throw new UnsupportedOperationException(
          what
              + " has several values for a key (MDB_DUPSORT), which a table has not;"
              + " --flatten-duplicates makes an entry of each");
    }
  }

  /// What should be known about the copy.
  List<String> notes(String table) {
    List<String> notes = new ArrayList<>();
    if (hasDuplicates()) {
      notes.add("table \"" + table + "\": the number of the value, four bytes, follows each key");
    }
    if (hasNativeNumbers()) {
      notes.add("table \"" + table + "\": native numbers become 8 bytes, big-endian");
    }
    if (isReversed()) {
      notes.add("table \"" + table + "\": was ordered by reversed keys, now by bytes");
    }
    return notes;
  }

  /// Goes through the entries, in the order of LMDB.
  Walk walk(Txn<MemorySegment> txn, Predicate<byte[]> isEntry) {
    return new Walk(this, dbi.openCursor(txn), isEntry);
  }

  /// A way through the entries as a table has them.
  static final class Walk implements AutoCloseable {

    private final LmdbDatabase database;
    private final Cursor<MemorySegment> cursor;
    private final Predicate<byte[]> isEntry;
    private byte[] nativeKey = {};
    private int duplicate;

    private Walk(LmdbDatabase database, Cursor<MemorySegment> cursor, Predicate<byte[]> isEntry) {
      this.database = database;
      this.cursor = cursor;
      this.isEntry = isEntry;
    }

    /// Goes to the next entry.
    boolean next() {
      while (cursor.next()) {
        byte[] found = SegmentProxy.bytes(cursor.key());
        duplicate = Arrays.equals(found, nativeKey) ? duplicate + 1 : 0;
        nativeKey = found;
        if (database.dbi.getName() != null || isEntry.test(found)) {
          return true;
        }
      }
      return false;
    }

    /// Whether the keys come in the order of bytes.
    boolean ascends() {
      return !database.isReversed() && !database.hasDuplicates();
    }

    /// The key, as the table has it.
    byte[] key() {
      byte[] key = database.hasNativeNumbers() ? number(nativeKey) : nativeKey;
      if (!database.hasDuplicates()) {
        return key;
      }
      return ByteBuffer.allocate(key.length + Integer.BYTES).put(key).putInt(duplicate).array();
    }

    /// The value in place, until the next step.
    MemorySegment value() {
      return cursor.val();
    }

    /// The key of a number that LMDB keeps in 4 or 8 bytes, the least significant first.
    private static byte[] number(byte[] found) {
      byte[] key = new byte[Long.BYTES];
      for (int i = 0; i < found.length; i++) {
        key[Long.BYTES - 1 - i] = found[i];
      }
      return key;
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
