package dev.quire.store.internal.format;

/// A key of the table `quire.expiry`: an entry of a table, and when it expires. The numbers are
/// big-endian, so that the entries of a table lie together, in the order in which they expire.
///
/// | offset | size | field        | meaning                              |
/// |-------:|-----:|--------------|--------------------------------------|
/// |      0 |    4 | tableId      | the entry's table                    |
/// |      4 |    8 | expiryMillis | when it expires, epoch milliseconds  |
/// |     12 |      | key          | the entry's key                      |
public final class ExpiryKey {

  /// Bytes before the entry's key.
  public static final int PREFIX_BYTES = Integer.BYTES + Long.BYTES;

  private ExpiryKey() {}

  /// The key of an entry.
  public static byte[] of(int tableId, long expiryMillis, byte[] key, int keyLength) {
    byte[] bytes = new byte[PREFIX_BYTES + keyLength];
    Le.KEY_ARRAY_U32.set(bytes, 0, tableId);
    Le.KEY_ARRAY_U64.set(bytes, Integer.BYTES, expiryMillis);
    System.arraycopy(key, 0, bytes, PREFIX_BYTES, keyLength);
    return bytes;
  }

  /// Least key that an entry of the table with this or a later expiry can have.
  public static byte[] from(int tableId, long expiryMillis) {
    return of(tableId, expiryMillis, new byte[0], 0);
  }

  public static int tableId(byte[] bytes) {
    return (int) Le.KEY_ARRAY_U32.get(bytes, 0);
  }

  public static long expiryMillis(byte[] bytes) {
    return (long) Le.KEY_ARRAY_U64.get(bytes, Integer.BYTES);
  }
}
