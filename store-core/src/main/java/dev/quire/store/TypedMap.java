package dev.quire.store;

import dev.quire.store.internal.cache.LoadSteps;
import dev.quire.store.internal.cache.SingleFlight;
import dev.quire.store.internal.view.EntrySource;
import dev.quire.store.internal.view.TableMap;
import dev.quire.store.internal.view.TypedBytes;
import dev.quire.store.internal.view.TypedTable;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;

/// The map of a table of a store.
final class TypedMap<K, V> extends TableMap<K, V> implements StoreMap<K, V> {

  private static final Duration SHORTEST_LEASE = Duration.ofMillis(1);
  private static final Duration LONGEST_LEASE = Duration.ofDays(365);

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
  public <X extends Exception> @Nullable V getOrCompute(
      K key, Duration lease, ValueLoader<? super K, ? extends V, X> loader)
      throws X, InterruptedException {
    Objects.requireNonNull(loader, "loader");
    long leaseMillis = leaseMillis(lease);
    byte[] bytes = table.keys().encode(key);
    byte[] found = table.source().get(bytes);
    if (found == null) {
      found = SingleFlight.get(load(bytes), leaseMillis, () -> bytesOf(loader.load(key)));
    }
    return found == null ? null : table.values().decode(found);
  }

  @Override
  public <X extends Exception> @Nullable V refresh(
      K key, Duration lease, ValueLoader<? super K, ? extends V, X> loader) throws X {
    Objects.requireNonNull(loader, "loader");
    byte[] found =
        SingleFlight.refresh(
            load(table.keys().encode(key)), leaseMillis(lease), () -> bytesOf(loader.load(key)));
    return found == null ? null : table.values().decode(found);
  }

  private static long leaseMillis(Duration lease) {
    if (lease.compareTo(SHORTEST_LEASE) < 0) {
      throw new IllegalArgumentException("lease of " + lease + ": allowed are 1 ms and up");
    }
    return (lease.compareTo(LONGEST_LEASE) > 0 ? LONGEST_LEASE : lease).toMillis();
  }

  private byte @Nullable [] bytesOf(@Nullable V loaded) {
    return loaded == null ? null : table.values().encode(loaded);
  }

  private LoadSteps load(byte[] key) {
    if (store instanceof EngineStore engine) {
      return new EngineLoad(engine, name, key);
    }
    throw new UnsupportedOperationException(
        "this backend has no leases: it does not know which processes live");
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
