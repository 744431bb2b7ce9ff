package dev.quire.store.lmdb;

import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableCodecs;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.lmdb.LmdbMigration.Choices;
import dev.quire.store.lmdb.LmdbMigration.Progress;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/// An LMDB environment of any program, opened to be copied: one snapshot of it.
final class LmdbSource implements AutoCloseable {

  /// What LMDB keeps of a named database in the unnamed one.
  private static final int DATABASE_RECORD_BYTES = 48;

  /// Databases of the backend's own.
  private static final Set<String> OWN = Set.of(LmdbCatalogue.OPTIONS, LmdbCodecs.DATABASE);

  /// What goes into one transaction.
  private static final int BATCH_ENTRIES = 10_000;

  private static final long BATCH_BYTES = 16 << 20;

  /// Values beyond this are not copied through the heap.
  private static final long HEAP_VALUE_BYTES = 1 << 20;

  private final Env<MemorySegment> env;
  private final Dbi<MemorySegment> unnamed;
  private final Txn<MemorySegment> txn;
  private final Map<String, LmdbDatabase> databases = new LinkedHashMap<>();
  private final long plainEntries;

  private LmdbSource(Env<MemorySegment> env) {
    this.env = env;
    this.unnamed = env.openDbi((byte[]) null);
    this.txn = env.txnRead();
    for (byte[] name : candidates()) {
      Dbi<MemorySegment> dbi = openDatabase(name);
      if (dbi != null) {
        databases.put(tableName(name), new LmdbDatabase(dbi, dbi.listFlags(txn)));
      }
    }
    this.plainEntries = unnamed.stat(txn).entries - databases.size();
  }

  /// Opens an environment, a directory or a file, and changes nothing in it but its lock file.
  static LmdbSource open(Path path) {
    try {
      int databases;
      try (Env<MemorySegment> env = open(path, 0)) {
        databases = count(env);
      }
      Env<MemorySegment> env = open(path, databases + 1);
      try {
        return new LmdbSource(env);
      } catch (RuntimeException e) {
        env.close();
        throw e;
      }
    } catch (LmdbException e) {
      throw LmdbFailures.translate("open LMDB at " + path, e);
    }
  }

  private static Env<MemorySegment> open(Path path, int databases) {
    List<EnvFlags> flags = new ArrayList<>(List.of(EnvFlags.MDB_RDONLY_ENV, EnvFlags.MDB_NOTLS));
    if (!Files.isDirectory(path)) {
      flags.add(EnvFlags.MDB_NOSUBDIR);
    }
    return Env.create(SegmentProxy.INSTANCE)
        .setMaxDbs(databases)
        .open(path.toFile(), flags.toArray(EnvFlags[]::new));
  }

  private static int count(Env<MemorySegment> env) {
    Dbi<MemorySegment> unnamed = env.openDbi((byte[]) null);
    int count = 0;
    try (Txn<MemorySegment> txn = env.txnRead();
        Cursor<MemorySegment> cursor = unnamed.openCursor(txn)) {
      while (cursor.next()) {
        count += isCandidate(cursor) ? 1 : 0;
      }
    }
    return count;
  }

  /// Whether the entry may be a named database. What LMDB calls one has no zero in its name.
  private static boolean isCandidate(Cursor<MemorySegment> cursor) {
    return cursor.val().byteSize() == DATABASE_RECORD_BYTES && !hasZero(cursor.key());
  }

  private static boolean hasZero(MemorySegment key) {
    for (byte each : SegmentProxy.bytes(key)) {
      if (each == 0) {
        return true;
      }
    }
    return false;
  }

  private List<byte[]> candidates() {
    List<byte[]> found = new ArrayList<>();
    try (Cursor<MemorySegment> cursor = unnamed.openCursor(txn)) {
      while (cursor.next()) {
        if (isCandidate(cursor)) {
          found.add(SegmentProxy.bytes(cursor.key()));
        }
      }
    }
    return found;
  }

  private @Nullable Dbi<MemorySegment> openDatabase(byte[] name) {
    try {
      return env.openDbi(txn, name, null, false);
    } catch (Dbi.IncompatibleException | Dbi.KeyNotFoundException e) {
      return null;
    }
  }

  private static String tableName(byte[] bytes) {
    String name = LmdbKeys.decodeName(bytes);
    if (name == null || (name.startsWith(LmdbKeys.RESERVED) && !OWN.contains(name))) {
      throw new UnsupportedOperationException(
          "the database of the name "
              + HexFormat.of().formatHex(bytes)
              + " (hexadecimal) cannot be a table: names are up to 255 bytes of UTF-8, and do not"
              + " begin with \"quire.\"");
    }
    return name;
  }

  // -- copying ------------------------------------------------------------------------------------

  /// Copies everything into an empty store; returns the number of entries of each table.
  Map<String, Long> copyTo(Store store, Choices choices, Progress progress) {
    Map<String, Long> copied = new LinkedHashMap<>();
    List<String> integerTables = integerTables();
    try {
      requireCopyable(choices);
      for (Map.Entry<String, LmdbDatabase> named : databases.entrySet()) {
        String name = named.getKey();
        if (!OWN.contains(name)) {
          LmdbDatabase database = named.getValue();
          boolean numbers = integerTables.contains(name) || database.becomesNumbers();
          copied.put(name, copy(store, name, database, numbers, progress));
        }
      }
      if (plainEntries > 0) {
        String name = unnamedTable(choices);
        LmdbDatabase database = new LmdbDatabase(unnamed, unnamed.listFlags(txn));
        copied.put(name, copy(store, name, database, database.becomesNumbers(), progress));
      }
      copyCodecs(store);
      return copied;
    } catch (LmdbException e) {
      throw LmdbFailures.translate("read LMDB", e);
    }
  }

  private static String unnamedTable(Choices choices) {
    String chosen = choices.unnamed();
    return chosen == null ? Choices.DEFAULT_UNNAMED : chosen;
  }

  private void requireCopyable(Choices choices) {
    if (plainEntries > 0 && databases.containsKey(unnamedTable(choices))) {
      throw new UnsupportedOperationException(
          "the entries of the unnamed database have no table to go to: there is a database \""
              + unnamedTable(choices)
              + "\"; name another table");
    }
    for (Map.Entry<String, LmdbDatabase> named : databases.entrySet()) {
      named.getValue().requireCopyable("database \"" + named.getKey() + "\"", choices);
    }
    if (plainEntries > 0) {
      new LmdbDatabase(unnamed, unnamed.listFlags(txn))
          .requireCopyable("the unnamed database", choices);
    }
  }

  /// The tables that the backend `lmdb` has made for numbers.
  private List<String> integerTables() {
    List<String> names = new ArrayList<>();
    LmdbDatabase options = databases.get(LmdbCatalogue.OPTIONS);
    if (options != null) {
      try (Cursor<MemorySegment> cursor = options.dbi().openCursor(txn)) {
        while (cursor.next()) {
          names.add(String.valueOf(LmdbKeys.decodeName(SegmentProxy.bytes(cursor.key()))));
        }
      }
    }
    return names;
  }

  private void copyCodecs(Store store) {
    LmdbDatabase codecs = databases.get(LmdbCodecs.DATABASE);
    if (codecs == null) {
      return;
    }
    try (Cursor<MemorySegment> cursor = codecs.dbi().openCursor(txn)) {
      while (cursor.next()) {
        String name = String.valueOf(LmdbKeys.decodeName(SegmentProxy.bytes(cursor.key())));
        TableCodecs found = LmdbCodecs.decode(cursor.val());
        if (found != null && databases.containsKey(name)) {
          TableCodecs _ = store.useCodecs(name, TableOptions.defaults(), found);
        }
      }
    }
  }

  private long copy(
      Store store, String name, LmdbDatabase database, boolean numbers, Progress progress) {
    long all = database.dbi().equals(unnamed) ? plainEntries : database.dbi().stat(txn).entries;
    for (String note : database.notes(name)) {
      progress.note(note);
    }
    Table _ = store.table(name, TableOptions.defaults().withIntegerKeys(numbers));
    LmdbDatabase.Walk walk = database.walk(txn, this::isEntry);
    long copied = 0;
    try (walk) {
      boolean more = walk.next();
      while (more) {
        WriteTxn batch = store.beginWrite();
        try (batch) {
          Table table = batch.table(name);
          long bytes = 0;
          for (int i = 0; more && i < BATCH_ENTRIES && bytes < BATCH_BYTES; i++) {
            bytes += put(table, walk);
            copied++;
            more = walk.next();
          }
          batch.commit();
        }
        progress.copied(name, copied, all);
      }
    }
    LmdbMigration.requireCount(name, all, copied);
    return copied;
  }

  /// Whether a key of the unnamed database is that of an entry, not of a named database.
  private boolean isEntry(byte[] key) {
    String name = LmdbKeys.decodeName(key);
    return name == null || !databases.containsKey(name);
  }

  private static long put(Table table, LmdbDatabase.Walk walk) {
    byte[] key = walk.key();
    MemorySegment value = walk.value();
    if (walk.ascends() && value.byteSize() <= HEAP_VALUE_BYTES) {
      table.append(key, SegmentProxy.bytes(value));
    } else {
      boolean _ = table.put(MemorySegment.ofArray(key), value);
    }
    return key.length + value.byteSize();
  }

  /// Compares the numbers of entries with what was copied here.
  ///
  /// @throws StoreIoException if one differs
  void requireCounts(Map<String, Long> copied, Choices choices) {
    for (Map.Entry<String, Long> table : copied.entrySet()) {
      LmdbDatabase database = databases.get(table.getKey());
      long found = table.getKey().equals(choices.unnamed()) ? plainEntries : 0;
      if (database != null) {
        found = database.dbi().stat(txn).entries;
      }
      LmdbMigration.requireCount(table.getKey(), table.getValue(), found);
    }
  }

  @Override
  public void close() {
    txn.close();
    env.close();
  }
}
