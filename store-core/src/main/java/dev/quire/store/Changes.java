package dev.quire.store;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What is different in a newer snapshot of a store, compared with an older one: the net change, in
/// the order of the tables' names, and within a table in the order of keys.
///
/// It is computed while it is walked, in time that grows with the number of changes, not with the
/// size of the store. An entry that was changed and changed back, or put and deleted again, does
/// not occur. Nor does a table that was dropped and made again under its name: its entries are
/// compared like those of one table. (If it was made again for the other kind of keys, all old
/// entries are deleted, the table is dropped and created, and all new entries are put.)
///
/// Walked by `while (changes.next())`, used by one thread at a time. What is told of a change is
/// valid until the next move; copy what you keep. Methods that need a change throw
/// [IllegalStateException] if there is none, and all of them throw it once the snapshots are closed
/// or the store is.
public interface Changes extends AutoCloseable {

  /// What a change is.
  enum Kind {

    /// There is a table that was not there. Its entries follow.
    TABLE_CREATED,

    /// An entry is new, or has another value or another expiry.
    PUT,

    /// An entry is gone.
    DELETE,

    /// A table is gone. Its entries were told before.
    TABLE_DROPPED
  }

  /// Goes to the next change.
  ///
  /// @return false if there is none
  /// @throws dev.quire.store.errors.CorruptPageException if the store is damaged
  boolean next();

  /// What the change is.
  Kind kind();

  /// Name of the table.
  String table();

  /// The entry's key, a copy.
  ///
  /// @throws IllegalStateException if the change is not one of an entry
  byte[] key();

  /// The entry's key as a number, see [Keys].
  ///
  /// @throws IllegalArgumentException if the key is not 8 bytes long
  long longKey();

  /// The value that the entry had, in place: read-only, at any alignment; null if there was no
  /// entry.
  @Nullable MemorySegment oldValue();

  /// The value that the entry has, in place: read-only, at any alignment; null if there is no entry
  /// any more.
  @Nullable MemorySegment newValue();

  /// The value that the entry had, a copy, or null if there was no entry.
  byte @Nullable [] oldBytes();

  /// The value that the entry has, a copy, or null if there is no entry any more.
  byte @Nullable [] newBytes();

  /// Whether the entry that is gone had expired when the newer snapshot was begun: nobody deleted
  /// it, or it would have gone by now anyway. Entries that have expired are told as gone when they
  /// are purged.
  boolean isExpired();

  /// Ends the walk; the snapshots stay open. Does nothing the second time.
  @Override
  void close();
}
