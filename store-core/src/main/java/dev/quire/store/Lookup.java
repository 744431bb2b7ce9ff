package dev.quire.store;

import dev.quire.store.internal.format.Le;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.format.TouchTable;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.internal.txn.ExpiryIndex;
import dev.quire.store.internal.txn.Snapshot;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// Finding one value and handing it out. Each of the methods that read bytes of a page ends as
/// [MappedFaults] says: nothing is the outcome of a fault, and what goes wrong leaves as an
/// exception of the store.
final class Lookup {

  /// Longest array that every JVM allows.
  private static final long MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  /// What is copied at once on the way to a channel.
  private static final int CHUNK_BYTES = 64 << 10;

  private Lookup() {}

  /// Finds `key`, unless it has expired, and counts that it was looked up; `out` says where its
  /// value lies. Polls by itself: what comes before the value is handed out, an allocation say, is
  /// in no try.
  static boolean find(
      PageReader pages, @Nullable TreeRoot root, byte[] key, LookupClock clock, ValueSlot out) {
    requireKey(key.length);
    if (root != null && root.integerKeys) {
      requireIntegerKey(key.length);
      return find(pages, root, (long) Le.KEY_ARRAY_U64.get(key, 0), clock, out);
    }
    try {
      boolean found =
          root != null
              && TreeReader.find(pages, root.ref, key, key.length, out)
              && isLive(out, clock);
      pages.countLookup(found);
      if (root != null && found && root.boundedId != 0) {
        pages.touch(TouchTable.hash(root.boundedId, key, key.length));
      }
      PendingFault.raise();
      return found;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  /// Finds the key of a number: see [#find(PageReader, TreeRoot, byte\[\], LookupClock,
  /// ValueSlot)].
  static boolean find(
      PageReader pages, @Nullable TreeRoot root, long key, LookupClock clock, ValueSlot out) {
    if (root == null || !root.integerKeys) {
      return find(pages, root, Keys.ofLong(key), clock, out);
    }
    try {
      boolean found = TreeReader.findInteger(pages, root.ref, key, out) && isLive(out, clock);
      pages.countLookup(found);
      if (found && root.boundedId != 0) {
        pages.touch(TouchTable.hash(root.boundedId, key));
      }
      PendingFault.raise();
      return found;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  /// Whether the entry that was found has not expired.
  private static boolean isLive(ValueSlot found, LookupClock clock) {
    return found.expiryMillis == 0 || found.expiryMillis > clock.nowMillis();
  }

  /// Finds a table of a snapshot, or null.
  static @Nullable FoundTable findTable(Snapshot snapshot, byte[] encodedName) {
    try {
      TableRecord record = snapshot.findTable(encodedName);
      PendingFault.raise();
      return record == null ? null : FoundTable.of(record);
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(snapshot, e);
    }
  }

  /// Number of entries of a table that have not expired.
  ///
  /// @param expiryRef root of the index of expiring entries, if the table has some
  static long count(PageReader pages, FoundTable table, long expiryRef, long nowMillis) {
    long entries = table.root().entries;
    if (!table.root().expires) {
      return entries;
    }
    try {
      int id = table.record().tableId();
      long live = entries - ExpiryIndex.countOver(pages, expiryRef, id, nowMillis);
      PendingFault.raise();
      return live;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  /// Root of the index of expiring entries, or [PageRef#NONE].
  static long expiryRef(Snapshot snapshot) {
    FoundTable index = findTable(snapshot, ExpiryIndex.name());
    return index == null ? PageRef.NONE : index.root().ref;
  }

  /// Length of the value.
  static long length(PageReader pages, ValueSlot value) {
    long length = value.length;
    MappedFaults.settle(pages);
    return length;
  }

  /// A copy of the value.
  static byte[] copy(PageReader pages, ValueSlot value) {
    if (value.length > Limits.MAX_PAGE_SIZE_BYTES) {
      // Before so much memory is asked for.
      MappedFaults.settle(pages);
    }
    if (value.length > MAX_ARRAY_BYTES) {
      throw new IllegalStateException(
          "value of "
              + value.length
              + " bytes: an array holds at most "
              + MAX_ARRAY_BYTES
              + "; read it in place, in parts or as a stream");
    }
    byte[] bytes = new byte[(int) value.length];
    copyInto(pages, value, bytes);
    return bytes;
  }

  /// A copy of `length` bytes of the value from `offset` on, or of what there is.
  static byte[] copy(PageReader pages, ValueSlot value, long offset, int length) {
    long rest = Math.max(0, value.length - offset);
    byte[] bytes = new byte[(int) Math.min(rest, length)];
    copyInto(pages, value, Math.min(offset, value.length), bytes, 0, bytes.length);
    return bytes;
  }

  /// Copies as much of the value as `target` has room for; returns the value's length.
  static long copyInto(PageReader pages, ValueSlot value, byte[] target) {
    long length = value.length;
    copyInto(pages, value, 0, target, 0, (int) Math.min(length, target.length));
    return length;
  }

  /// Copies `length` bytes of the value.
  static void copyInto(
      PageReader pages, ValueSlot value, long offset, byte[] target, int targetOffset, int length) {
    try {
      MemorySegment.copy(
          value.segment,
          ValueLayout.JAVA_BYTE,
          value.offset + offset,
          target,
          targetOffset,
          length);
      PendingFault.raise();
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  /// The value in place, read-only.
  static MemorySegment view(PageReader pages, ValueSlot value) {
    try {
      return readOnly(value.segment.asSlice(value.offset, value.length));
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  /// The same bytes, read-only. A mapping of the file is so already.
  static MemorySegment readOnly(MemorySegment view) {
    return view.isReadOnly() ? view : view.asReadOnly();
  }

  /// What `reader` makes of the value. Its own exceptions pass unchanged.
  static <T extends @Nullable Object, X extends Exception> T read(
      PageReader pages, ValueSlot value, ValueReader<T, X> reader) throws X {
    MemorySegment view = view(pages, value);
    try {
      T result = reader.read(view);
      PendingFault.raise();
      return result;
    } catch (InternalError e) {
      throw MappedFaults.translate(pages, e);
    } catch (Throwable e) {
      MappedFaults.settle(pages);
      throw e;
    }
  }

  /// Writes the value to `target`; returns its length.
  static long writeTo(PageReader pages, ValueSlot value, WritableByteChannel target)
      throws IOException {
    // No channel is given mapped memory: a fault inside a system call would not be an exception.
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, value.length)];
    long written = 0;
    while (written < value.length) {
      int length = (int) Math.min(chunk.length, value.length - written);
      copyInto(pages, value, written, chunk, 0, length);
      ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, length);
      while (bytes.hasRemaining()) {
        target.write(bytes);
      }
      written += length;
    }
    return written;
  }

  /// @throws IllegalArgumentException unless a key of this length is allowed in any table
  static void requireKey(long lengthBytes) {
    if (lengthBytes > Limits.MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "key of " + lengthBytes + " bytes: allowed are 0 to " + Limits.MAX_KEY_BYTES);
    }
  }

  /// @throws IllegalArgumentException unless a key of this length is allowed in a table of integer
  ///   keys
  static void requireIntegerKey(long lengthBytes) {
    if (lengthBytes != Limits.INTEGER_KEY_BYTES) {
      throw new IllegalArgumentException(
          "key of " + lengthBytes + " bytes: keys of this table are numbers of 8 bytes");
    }
  }

  /// @throws IllegalArgumentException unless a value of this length is allowed
  static void requireValue(long lengthBytes) {
    if (lengthBytes < 0 || lengthBytes > Limits.MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "value of " + lengthBytes + " bytes: allowed are 0 to " + Limits.MAX_VALUE_BYTES);
    }
  }

  /// @throws IllegalArgumentException if an end of the part is negative
  static void requirePart(long offset, int length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(
          "part of " + length + " bytes at " + offset + ": neither may be negative");
    }
  }
}
