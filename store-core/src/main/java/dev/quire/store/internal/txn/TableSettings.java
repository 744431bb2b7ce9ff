package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.TableRecord;

/// What a table is made with and keeps for its life.
///
/// @param integerKeys whether keys are integers of 8 bytes
/// @param defaultExpiryMillis life of an entry put without one, 0 for ever
/// @param maxEntries most entries it holds, 0 for no bound
/// @param maxBytes most bytes of keys and values it holds, 0 for no bound
public record TableSettings(
    boolean integerKeys, long defaultExpiryMillis, long maxEntries, long maxBytes) {

  /// Settings of a table without expiry and without a bound.
  public static TableSettings plain(boolean integerKeys) {
    return new TableSettings(integerKeys, 0, 0, 0);
  }

  /// The settings that a record holds.
  public static TableSettings of(TableRecord record) {
    return new TableSettings(
        record.kind() == TableRecord.KIND_INTEGERS,
        record.defaultExpiryMillis(),
        record.maxEntries(),
        record.maxBytes());
  }
}
