package dev.quire.store.cli;

import java.nio.charset.StandardCharsets;

/// The binary form of a dump: bytes that begin with [#MAGIC], then records. A record is a byte that
/// says what it is, and then:
///
/// | byte | record | what follows                                                                |
/// |------|--------|-----------------------------------------------------------------------------|
/// | `T`  | table  | length of a JSON object ([TableHead#json]), the object                      |
/// | `E`  | entry  | length of the key, length of the value, expiry in milliseconds or 0, both   |
/// | `C`  | check  | 4 bytes, big-endian: CRC32C of everything since the check before, or magic  |
/// | `Z`  | end    | number of entries; a check follows                                          |
///
/// Numbers are of 7 bits a byte, the lowest first; the highest bit says that another byte follows.
final class BinaryDump {

  static final byte[] MAGIC = "QDUMP\r\n\1".getBytes(StandardCharsets.ISO_8859_1);

  static final int TABLE = 'T';
  static final int ENTRY = 'E';
  static final int CHECK = 'C';
  static final int END = 'Z';

  /// A check is written after so many bytes.
  static final int CHECK_BYTES = 1 << 20;

  private BinaryDump() {}
}
