package dev.quire.store;

import dev.quire.store.internal.copy.StoreCopy;
import dev.quire.store.internal.salvage.Salvage;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// An open store: named tables of ordered entries, changed by transactions.
///
/// It is used by any number of threads. Reads go on beside each other and beside the one writer;
/// writers take turns. Close it when done; closing while others read or write waits for them or
/// ends them with [IllegalStateException], and never leaves the files in a state that cannot be
/// opened.
///
/// Every method but [#close] and [#isOpen] throws [IllegalStateException] once the store is closed.
/// Operating failures are the subclasses of [dev.quire.store.errors.StoreException].
// A TxnFunction is a TxnAction: where a lambda could be either, the narrower type wins.
@SuppressWarnings({"overloads", "FunctionalInterfaceClash"})
public interface Store extends AutoCloseable {

  /// Opens the store in `directory`, with default options: made if there is none, every commit
  /// durable when it returns.
  ///
  /// @throws dev.quire.store.errors.NotAStoreException if the path holds something else
  /// @throws dev.quire.store.errors.UnsupportedFormatException if this version cannot read the
  ///   store
  /// @throws dev.quire.store.errors.StoreLockedException if another process holds it
  /// @throws dev.quire.store.errors.CorruptPageException if the store is damaged
  /// @throws dev.quire.store.errors.StoreIoException if the file system refuses
  static Store open(Path directory) {
    return open(directory, StoreOptions.defaults());
  }

  /// Opens the store in `directory`; see [#open(Path)].
  ///
  /// @throws IllegalArgumentException if no provider has the name of [StoreOptions#backend]
  static Store open(Path directory, StoreOptions options) {
    return Providers.named(options.backend()).open(directory, options);
  }

  /// Makes an empty store in this process's memory. It ends with [#close].
  static Store inMemory() {
    return inMemory(StoreOptions.defaults());
  }

  /// Makes an empty store in this process's memory; durability means nothing there.
  static Store inMemory(StoreOptions options) {
    return Providers.named(options.backend()).inMemory(options);
  }

  /// Opens the store in named shared memory, with default options; see [#shared(String,
  /// StoreOptions)].
  static Store shared(String name) {
    return shared(name, StoreOptions.defaults());
  }

  /// Opens a store in memory that the processes of one user on one host share by its name: made if
  /// there is none. Durability means nothing there: each commit is seen by every process at once.
  ///
  /// It lives on when its users have closed it or died, until it is unlinked or the machine stops.
  /// It lies in `/dev/shm/quire-<uid>`, or in the directory for temporary files where there is no
  /// `/dev/shm`; [#open(Path)] opens it by its directory as well.
  ///
  /// @param name 1 to 100 of `a-z A-Z 0-9 - _ .`, not beginning with a dot
  /// @throws IllegalArgumentException if the name is not allowed, or the options ask for a group
  /// @throws dev.quire.store.errors.StoreFullException if there is no memory for it
  /// @throws dev.quire.store.errors.StoreFailedException if it was damaged or failed: it is lost,
  ///   and can only be unlinked
  static Store shared(String name, StoreOptions options) {
    return SharedMemory.open(name, options);
  }

  /// Makes a store in memory without a name, to be shared with the processes that are told its
  /// token, as child processes are. It is gone when the last of them has closed it or died.
  static TemporaryStore sharedTemporary() {
    return SharedMemory.createTemporary(StoreOptions.defaults());
  }

  /// Opens the store of a token that [TemporaryStore#token] gave to this process or another one of
  /// the same user.
  ///
  /// @throws IllegalArgumentException if it is not a token
  /// @throws dev.quire.store.errors.NotAStoreException if its last user has gone
  static TemporaryStore sharedTemporary(String token) {
    return SharedMemory.openTemporary(token, StoreOptions.defaults());
  }

  /// The stores in named shared memory of this user, in the order of their names, those with a
  /// token included. What temporary stores of dead processes have left is removed.
  static List<SharedStoreStats> listShared() {
    return SharedMemory.list();
  }

  /// Removes the name of a store in named shared memory. Processes that have it open keep it, and
  /// its memory, until they close it; who opens the name now gets a new store.
  ///
  /// @return whether there was one
  /// @throws dev.quire.store.errors.StoreLockedException if it is being opened
  static boolean unlinkShared(String name) {
    return SharedMemory.unlink(name);
  }

  /// Makes the file of a store that nobody has open as small as its content, by a copy that takes
  /// the place of `data` when it is durable. There must be room for both.
  ///
  /// @throws dev.quire.store.errors.StoreLockedException if somebody has it open, in this process
  ///   or another one
  /// @throws dev.quire.store.errors.NotAStoreException if there is no store
  static void compact(Path directory) {
    StoreCopy.inPlace(directory, StoreOptions.defaults());
  }

  /// Makes a store of a backup and the increments that build on it. Every page is checked on the
  /// way; the backups are not changed.
  ///
  /// @param backups a backup that is a store, then what [#backup(Path, List)] has made, in the
  ///   order in which it was made
  /// @param target new or empty
  /// @return id of the transaction that the new store shows
  /// @throws IllegalArgumentException if a backup does not build on the one before
  /// @throws dev.quire.store.errors.NotAStoreException if a file is no backup
  /// @throws dev.quire.store.errors.CorruptPageException if one is damaged
  /// @throws dev.quire.store.errors.StoreTruncatedException if one is not whole
  /// @throws dev.quire.store.errors.StoreIoException if there is a store in `target` already
  static long restore(List<Path> backups, Path target) {
    return StoreCopy.restore(backups, target, StoreOptions.defaults());
  }

  /// Makes a new store of everything that can be read of a damaged one, which stays as it is. Every
  /// page is checked before anything in it is believed. Transactions that only the log has are not
  /// brought in: if the store can still be opened, open and close it first.
  ///
  /// @param damaged a store that nobody has open
  /// @param target new or empty
  /// @return what was saved and what was lost
  /// @throws dev.quire.store.errors.CorruptPageException if not even the names of the tables can be
  ///   found
  /// @throws dev.quire.store.errors.StoreLockedException if somebody has the store open
  static RecoveryReport recover(Path damaged, Path target) {
    return RecoveryReport.of(Salvage.run(damaged, target, StoreOptions.defaults()));
  }

  // -- tables -------------------------------------------------------------------------------------

  /// The table of that name. One that does not exist reads as empty, and is made at the first write
  /// for keys of any length.
  ///
  /// @param name 1 to 255 bytes of UTF-8, not beginning with `quire.`
  /// @throws IllegalArgumentException if the name is not allowed
  Table table(String name);

  /// The table of that name, made now if it does not exist.
  ///
  /// @throws IllegalArgumentException if the name is not allowed, or the table exists with other
  ///   options
  Table table(String name, TableOptions options);

  /// A table as an ordered map of objects, made now if it does not exist. From then on it has these
  /// codecs: it is opened as a map with them only. (As bytes it is open to everybody.)
  ///
  /// @throws IllegalArgumentException if the name is not allowed, or the table is one of other
  ///   codecs: the message names them
  default <K, V> StoreMap<K, V> map(String name, KeyCodec<K> keys, Codec<V> values) {
    return TypedMap.open(this, name, keys, values);
  }

  /// The codecs of a table, or null if no map has been opened for it.
  @Nullable TableCodecs codecs(String name);

  /// Gives a table its codecs unless it has some, and makes it if it does not exist: what [#map]
  /// does first. A read-only store is left as it is.
  ///
  /// @param options how a table is made that does not exist
  /// @return the codecs that the table has now
  /// @throws IllegalArgumentException if the name is not allowed
  @Nullable TableCodecs useCodecs(String name, TableOptions options, TableCodecs codecs);

  /// Names of all tables, in order.
  List<String> tables();

  /// Deletes a table with all its entries.
  ///
  /// @return whether there was one
  boolean dropTable(String name);

  // -- transactions -------------------------------------------------------------------------------

  /// Does `work` on one snapshot and returns its result. (If `work` is a lambda without a block
  /// that calls a void method, give it a block: `txn -> { ... }`.)
  default <T extends @Nullable Object, X extends Exception> T read(
      TxnFunction<? super ReadTxn, T, X> work) throws X {
    try (ReadTxn txn = beginRead()) {
      return work.apply(txn);
    }
  }

  /// Does `work` on one snapshot.
  default <X extends Exception> void read(TxnAction<? super ReadTxn, X> work) throws X {
    try (ReadTxn txn = beginRead()) {
      work.run(txn);
    }
  }

  /// Does `work` in one write transaction, commits it and returns the result. If `work` throws, or
  /// has rolled back, nothing is changed. (If `work` is a lambda without a block that calls a void
  /// method, give it a block: `txn -> { ... }`.)
  default <T extends @Nullable Object, X extends Exception> T write(
      TxnFunction<? super WriteTxn, T, X> work) throws X {
    try (WriteTxn txn = beginWrite()) {
      T result = work.apply(txn);
      if (txn.isOpen()) {
        txn.commit();
      }
      return result;
    }
  }

  /// Does `work` in one write transaction and commits it. If `work` throws, or has rolled back,
  /// nothing is changed.
  default <X extends Exception> void write(TxnAction<? super WriteTxn, X> work) throws X {
    try (WriteTxn txn = beginWrite()) {
      work.run(txn);
      if (txn.isOpen()) {
        txn.commit();
      }
    }
  }

  /// A snapshot of the newest commit. Close it.
  ReadTxn beginRead();

  /// A write transaction with the durability of the store's options. Waits for its turn. Close it.
  ///
  /// @throws IllegalStateException if this thread already has a write transaction of this store, or
  ///   the store is read-only
  /// @throws dev.quire.store.errors.StoreLockedException if the turn did not come within
  ///   [StoreOptions#lockTimeout]
  /// @throws dev.quire.store.errors.StoreFailedException if the store refuses writes
  WriteTxn beginWrite();

  /// A write transaction with a durability of its own; see [#beginWrite()].
  ///
  /// @param durability SYNC or an interval; CHECKPOINT only in a store whose own it is
  /// @throws IllegalArgumentException if the store does not allow it
  WriteTxn beginWrite(Durability durability);

  // -- changes ------------------------------------------------------------------------------------

  /// What is different in `newer`, compared with `older`.
  ///
  /// @param older a snapshot of this store, begun with [#beginRead]
  /// @param newer another one, of the same or a later commit
  /// @return changes that can be walked as long as both are open
  /// @throws IllegalArgumentException if one is of another store or a write transaction, or `older`
  ///   is the younger one
  default Changes diff(ReadTxn older, ReadTxn newer) {
    return diff(older, newer, ChangeScope.all());
  }

  /// The same within a scope.
  Changes diff(ReadTxn older, ReadTxn newer, ChangeScope scope);

  /// Watches the whole store from its newest commit on.
  default Watch watch() {
    return watch(ChangeScope.all());
  }

  /// Watches a part of the store from its newest commit on. Close the watch.
  Watch watch(ChangeScope scope);

  /// Watches a part of the store from a snapshot on: what has been committed since is told first.
  /// So nothing is missed between reading a snapshot as a whole and watching.
  ///
  /// @param from a snapshot of this store, begun with [#beginRead]; the watch takes it over, for
  ///   the caller it is closed
  /// @throws IllegalArgumentException if it is one of another store or a write transaction
  Watch watch(ReadTxn from, ChangeScope scope);

  /// A lock among all processes that have the store open: the one of that name, as a holder of its
  /// own. It is not held yet.
  ///
  /// @param name 1 to 255 bytes of UTF-8
  /// @throws IllegalArgumentException if the name is not allowed
  /// @throws IllegalStateException if the store is read-only
  StoreLock lock(String name);

  // -- care ---------------------------------------------------------------------------------------

  /// Writes everything committed to its place in the file and makes it durable, so that the next
  /// opening has nothing to replay.
  void checkpoint();

  /// Walks the whole store and checks every invariant. Others go on meanwhile.
  CheckReport check();

  /// The same, and says now and then how many bytes of the file it has read.
  default CheckReport check(LongConsumer progress) {
    return check();
  }

  /// Makes a copy of the newest commit: a store in another directory, without free space in it,
  /// closed and durable. Readers and writers go on meanwhile. Every page is checked on the way if
  /// the store has checksums. If the backup fails, the directory holds no store.
  ///
  /// @param directory new or empty
  /// @return id of the transaction that the copy shows
  /// @throws dev.quire.store.errors.StoreIoException if it holds a store or the system refuses
  /// @throws dev.quire.store.errors.StoreFullException if there is no room for it
  /// @throws dev.quire.store.errors.CorruptPageException if a page of this store is damaged
  long backup(Path directory);

  /// The same to a channel, which gets the content of the copy's file `data`. What was written
  /// before a failure is no store.
  ///
  /// @param channel blocking; neither synced nor closed
  /// @return id of the transaction that the copy shows
  long backup(WritableByteChannel channel);

  /// Does one step of making the file as small as its content, while others read and write: a
  /// transaction that moves pages from the end of the file to free places before and changes
  /// nothing else. Long values and keys are moved too, each as a whole.
  ///
  /// ```java
  /// while (!store.compact(1000).last()) {}
  /// ```
  ///
  /// The last step makes the moves durable and cuts the file, unless another process has the store
  /// open, which then may have mapped the end: its room is used again, and the last close cuts it.
  /// What open snapshots need stays where it is. Once more may gain more: others may have written
  /// meanwhile, and a step looks at the last 256 MiB. A store in memory is left as it is.
  ///
  /// @param pages so many pages are moved at most, not counting branches (at least 1)
  /// @throws dev.quire.store.errors.StoreLockedException if the writer's turn does not come
  /// @throws dev.quire.store.errors.CorruptPageException if a page that is to move is damaged
  CompactionProgress compact(int pages);

  /// Makes an incremental backup: a file with those pages of the newest commit that earlier backups
  /// of this store do not have. Its size follows the changes since, not the size of the store.
  /// [#restore] makes a store of all of them. Readers and writers go on meanwhile. If the backup
  /// fails, there is no file, and the earlier backups are as they were.
  ///
  /// @param increment the file to make; there is none of this name
  /// @param since what it builds on: a backup that is a store, then increments in the order in
  ///   which they were made
  /// @return id of the transaction that the backups then show
  /// @throws IllegalArgumentException if `since` has backups of another store, or one that does not
  ///   build on the one before, or one that was written to
  /// @throws dev.quire.store.errors.StoreIoException if the file exists or the system refuses
  /// @throws dev.quire.store.errors.StoreFullException if there is no room for it
  /// @throws dev.quire.store.errors.CorruptPageException if a page of this store, or one of the
  ///   backups that is read, is damaged
  long backup(Path increment, List<Path> since);

  /// Counters and sizes.
  StoreStats stats();

  /// What all processes that have or had the store open have done to it, how long it took them, and
  /// who is there now. Looks at all reader slots and pending pages: ask some times a second at
  /// most.
  ///
  /// @throws UnsupportedOperationException if the backend does not count
  StoreActivity activity();

  /// Whether the store can still be used.
  boolean isOpen();

  /// Closes the store, with a checkpoint; gives back the locks taken through it. Does nothing the
  /// second time. Waits for a write transaction of another thread.
  ///
  /// @throws dev.quire.store.errors.StoreLockedException if that one goes on for longer than the
  ///   options allow; the store then stays open, to be closed again
  @Override
  void close();
}
