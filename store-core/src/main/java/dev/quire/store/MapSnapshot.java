package dev.quire.store;

import java.util.NavigableMap;

/// One state of a [StoreMap], whatever is committed meanwhile. Close it: until then the pages that
/// it needs are not used again.
///
/// Like a [ReadTxn] it belongs to no thread, but is used by one at a time. Changing methods throw
/// [UnsupportedOperationException], all methods [IllegalStateException] once it is closed.
public interface MapSnapshot<K, V> extends NavigableMap<K, V>, AutoCloseable {

  /// Ends it. Does nothing the second time.
  @Override
  void close();
}
