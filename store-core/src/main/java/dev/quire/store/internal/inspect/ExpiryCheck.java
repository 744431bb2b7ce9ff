package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.ExpiryKey;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.TableRecord;
import java.util.Map;
import java.util.TreeMap;

/// Whether the index of expiring entries has a key for each of them, and no others.
///
/// Both are too many to be kept: of each table they are counted, and hashes of key and expiry are
/// added up, which come in any order.
final class ExpiryCheck {

  /// What there is of one table.
  private static final class Sum {
    long count;
    long hashes;
  }

  private final Findings findings;
  private final Map<Integer, Sum> indexed = new TreeMap<>();
  private Sum current = new Sum();

  ExpiryCheck(Findings findings) {
    this.findings = findings;
  }

  /// A key of the index.
  void indexed(PageEntry key) {
    if (key.keyLength < ExpiryKey.PREFIX_BYTES) {
      findings.violation(
          "keys of the expiry index of 12 bytes and more", "one of " + key.keyLength);
      return;
    }
    Sum sum = indexed.computeIfAbsent(ExpiryKey.tableId(key.key), _ -> new Sum());
    long hash = KeyHash.of(key.key, ExpiryKey.PREFIX_BYTES, key.keyLength);
    add(sum, hash, ExpiryKey.expiryMillis(key.key));
  }

  /// The next entries are those of another table.
  void begin() {
    current = new Sum();
  }

  /// An entry of a table.
  void entry(PageEntry key, long expiryMillis) {
    if (expiryMillis != 0) {
      add(current, KeyHash.of(key.key, 0, key.keyLength), expiryMillis);
    }
  }

  /// The table's entries are all told.
  void end(String name, TableRecord table) {
    Sum keys = indexed.remove(table.tableId());
    Sum found = keys == null ? new Sum() : keys;
    if (found.count != current.count || found.hashes != current.hashes) {
      findings.violation(
          "a key in the expiry index for each of the "
              + current.count
              + " entries of table "
              + name
              + " that expire",
          found.count + " keys" + (found.count == current.count ? ", of others" : ""));
    }
    if (current.count > 0 && (table.flags() & TableRecord.EXPIRES) == 0) {
      findings.violation("the flag of table " + name + " whose entries expire", "none");
    }
  }

  /// A table that cannot be compared: it was dropped, or cannot be read whole.
  void skip(TableRecord table) {
    indexed.remove(table.tableId());
  }

  /// All tables are told.
  void finish() {
    for (int tableId : indexed.keySet()) {
      findings.violation("keys in the expiry index of tables only", "keys of table id " + tableId);
    }
  }

  private static void add(Sum sum, long keyHash, long expiryMillis) {
    sum.count++;
    sum.hashes += KeyHash.mix(keyHash ^ KeyHash.mix(expiryMillis));
  }
}
