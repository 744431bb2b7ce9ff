package dev.quire.store.internal.format;

/// A key of the table `quire.queue`, which has the entries of each bounded table in the order in
/// which they were put. The numbers are big-endian, so that what belongs to a table lies together.
///
/// | offset | size | field   | meaning                                                          |
/// |-------:|-----:|---------|------------------------------------------------------------------|
/// |      0 |    4 | tableId | the bounded table                                                |
/// |      4 |    1 | kind    | [#STATE], [#PLACE] or [#KEY]                                     |
/// |      5 |      | rest    | nothing; a sequence number of 8 bytes; the key of an entry       |
///
/// The value of a STATE is a [QueueState], that of a PLACE the key of the entry that was put under
/// this number, that of a KEY its number.
public final class QueueKey {

  /// What is known of the table as a whole.
  public static final int STATE = 0;

  /// An entry by its sequence number.
  public static final int PLACE = 1;

  /// An entry by its key.
  public static final int KEY = 2;

  /// Bytes before the rest.
  public static final int PREFIX_BYTES = Integer.BYTES + 1;

  /// Bytes of a key of kind [#PLACE].
  public static final int PLACE_BYTES = PREFIX_BYTES + Long.BYTES;

  private QueueKey() {}

  /// The key of a table's state, which is the least of its keys.
  public static byte[] state(int tableId) {
    return prefix(tableId, STATE, 0);
  }

  /// The key of a place.
  public static byte[] place(int tableId, long sequence) {
    byte[] bytes = prefix(tableId, PLACE, Long.BYTES);
    Le.KEY_ARRAY_U64.set(bytes, PREFIX_BYTES, sequence);
    return bytes;
  }

  /// The key of an entry's key.
  public static byte[] key(int tableId, byte[] key, int keyLength) {
    byte[] bytes = prefix(tableId, KEY, keyLength);
    System.arraycopy(key, 0, bytes, PREFIX_BYTES, keyLength);
    return bytes;
  }

  private static byte[] prefix(int tableId, int kind, int rest) {
    byte[] bytes = new byte[PREFIX_BYTES + rest];
    Le.KEY_ARRAY_U32.set(bytes, 0, tableId);
    bytes[Integer.BYTES] = (byte) kind;
    return bytes;
  }

  public static int tableId(byte[] bytes) {
    return (int) Le.KEY_ARRAY_U32.get(bytes, 0);
  }

  public static int kind(byte[] bytes) {
    return bytes[Integer.BYTES];
  }

  /// The number of a place.
  public static long sequence(byte[] bytes) {
    return (long) Le.KEY_ARRAY_U64.get(bytes, PREFIX_BYTES);
  }

  /// The value of a KEY.
  public static byte[] numberBytes(long sequence) {
    byte[] bytes = new byte[Long.BYTES];
    Le.KEY_ARRAY_U64.set(bytes, 0, sequence);
    return bytes;
  }

  /// The number that is the value of a KEY.
  public static long number(byte[] bytes) {
    return (long) Le.KEY_ARRAY_U64.get(bytes, 0);
  }
}
