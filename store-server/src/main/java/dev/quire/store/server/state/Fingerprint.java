package dev.quire.store.server.state;

import dev.quire.store.Table;
import dev.quire.store.options.Expiry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// What an entry was at some time: enough to tell that it has changed since.
///
/// @param length length of the value, -1 if there was none
/// @param hash two sums over the value
/// @param expiry when it expires
public record Fingerprint(long length, long hash, @Nullable Expiry expiry) {

  private static final Fingerprint NONE = new Fingerprint(-1, 0, null);

  /// What an entry is in a transaction.
  public static Fingerprint of(Table table, byte[] key) {
    Expiry expiry = table.expiry(key);
    if (expiry == null) {
      return NONE;
    }
    Fingerprint found = table.get(key, value -> of(value, expiry));
    return found == null ? NONE : found;
  }

  private static Fingerprint of(MemorySegment value, Expiry expiry) {
    long hash = 0xcbf29ce484222325L;
    long size = value.byteSize();
    for (long i = 0; i < size; i++) {
      hash = (hash ^ value.get(ValueLayout.JAVA_BYTE, i)) * 0x100000001b3L;
    }
    return new Fingerprint(size, hash, expiry);
  }
}
