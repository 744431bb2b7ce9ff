package dev.quire.store;

import dev.quire.store.internal.view.EntrySource;
import dev.quire.store.internal.view.TableMap;
import dev.quire.store.internal.view.TypedBytes;
import dev.quire.store.internal.view.TypedTable;
import java.util.concurrent.ConcurrentNavigableMap;

/// The map of a table of a store.
final class TypedMap<K, V> extends TableMap<K, V> implements StoreMap<K, V> {

  private final Store store;
  private final String name;
  private final TypedTable<K, V> table;

  private TypedMap(Store store, String name, TypedTable<K, V> table) {
    super(table);
    this.store = store;
    this.name = name;
    this.table = table;
  }

  /// Opens a typed view; see [Store#map].
  static <K, V> StoreMap<K, V> open(Store store, String name, KeyCodec<K> keys, Codec<V> values) {
    useCodecs(store, name, keys, values);
    String of = " of table \"" + name + "\"";
    TypedBytes<K> keyBytes =
        new TypedBytes<>("a key" + of, keys.name(), keys::encode, keys::decode);
    TypedBytes<V> valueBytes =
        new TypedBytes<>("a value" + of, values.name(), values::encode, values::decode);
    EntrySource source = new StoreEntries(store, name);
    return new TypedMap<>(
        store, name, new TypedTable<>(source, keyBytes, valueBytes, keys.comparator()));
  }

  private static void useCodecs(Store store, String name, KeyCodec<?> keys, Codec<?> values) {
    boolean numbers = keys.fixedBytes() == Long.BYTES;
    TableStats existing = store.table(name).stats();
    if (existing != null && existing.options().integerKeys() && !numbers) {
      throw new IllegalArgumentException(
          "table \""
              + name
              + "\" has integer keys of 8 bytes, codec \""
              + keys.name()
              + "\" writes others");
    }
    TableCodecs asked =
        new TableCodecs(CodecNames.require(keys.name()), CodecNames.require(values.name()));
    TableOptions options = TableOptions.defaults().withIntegerKeys(numbers);
    TableCodecs found = store.useCodecs(name, options, asked);
    if (found != null && !found.equals(asked)) {
      throw new IllegalArgumentException(
          "table \"" + name + "\" has " + found + ", asked for was a map of " + asked);
    }
  }

  private TypedTable<K, V> in(ReadTxn txn) {
    return new TypedTable<>(new TxnEntries(txn, name), table.keys(), table.values(), table.order());
  }

  @Override
  public MapSnapshot<K, V> snapshot() {
    ReadTxn txn = store.beginRead();
    try {
      return new FrozenMap<>(txn, in(txn));
    } catch (RuntimeException | Error e) {
      txn.close();
      throw e;
    }
  }

  @Override
  public ConcurrentNavigableMap<K, V> within(ReadTxn txn) {
    return new TableMap<>(in(txn));
  }

  /// A map and the snapshot that it shows.
  private static final class FrozenMap<K, V> extends TableMap<K, V> implements MapSnapshot<K, V> {

    private final ReadTxn txn;

    FrozenMap(ReadTxn txn, TypedTable<K, V> table) {
      super(table);
      this.txn = txn;
    }

    @Override
    public void close() {
      txn.close();
    }
  }
}
