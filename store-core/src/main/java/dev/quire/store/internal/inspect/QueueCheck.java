package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.QueueKey;
import dev.quire.store.internal.format.QueueState;
import dev.quire.store.internal.format.TableRecord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;

/// Whether the queue of each bounded table has a place and a key for each entry, and no others, and
/// whether the table keeps its bounds.
///
/// Entries are too many to be kept: they are counted, and hashes are added up, which come in any
/// order.
final class QueueCheck {

  /// What the queue has of one table.
  private static final class Queue {
    QueueState state = QueueState.EMPTY;
    long places;
    long keys;

    /// Of keys with their numbers, as places and as keys have them; of keys alone.
    long placeHashes;

    long numberHashes;
    long keyHashes;
    long lastSequence = -1;

    /// Whether a place's key lies in a run, which is not read.
    boolean hasRuns;
  }

  private final Findings findings;
  private final Map<Integer, Queue> queues = new TreeMap<>();
  private long entries;
  private long bytes;
  private long hashes;

  QueueCheck(Findings findings) {
    this.findings = findings;
  }

  /// An entry of `quire.queue`.
  void queued(MemorySegment page, long cell, PageEntry key) {
    long head = LeafCell.head(page, cell);
    long length = LeafCell.valueLength(head);
    if (!isSound(key, length)) {
      findings.violation(
          "entries of kind 0, 1 or 2 in the queue",
          "a key of " + key.keyLength + " bytes with a value of " + length);
      return;
    }
    Queue queue = queues.computeIfAbsent(QueueKey.tableId(key.key), _ -> new Queue());
    if (QueueKey.kind(key.key) == QueueKey.PLACE && LeafCell.isOverflow(head)) {
      queue.places++;
      queue.hasRuns = true;
      return;
    }
    long at = cell + LeafCell.valueOffset(head);
    byte[] value = page.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    switch (QueueKey.kind(key.key)) {
      case QueueKey.STATE -> queue.state = QueueState.read(page, at);
      case QueueKey.PLACE -> {
        queue.places++;
        queue.lastSequence = QueueKey.sequence(key.key);
        queue.placeHashes += numbered(KeyHash.of(value, 0, value.length), queue.lastSequence);
      }
      default -> {
        long hash = KeyHash.of(key.key, QueueKey.PREFIX_BYTES, key.keyLength);
        queue.keys++;
        queue.keyHashes += KeyHash.mix(hash);
        queue.numberHashes += numbered(hash, QueueKey.number(value));
      }
    }
  }

  private static boolean isSound(PageEntry key, long length) {
    if (key.keyLength < QueueKey.PREFIX_BYTES) {
      return false;
    }
    return switch (QueueKey.kind(key.key)) {
      case QueueKey.STATE ->
          key.keyLength == QueueKey.PREFIX_BYTES && length == QueueState.SIZE_BYTES;
      case QueueKey.PLACE -> key.keyLength == QueueKey.PLACE_BYTES;
      case QueueKey.KEY -> length == Long.BYTES;
      default -> false;
    };
  }

  private static long numbered(long hash, long sequence) {
    return KeyHash.mix(hash ^ KeyHash.mix(sequence));
  }

  /// The next entries are those of another table.
  void begin() {
    entries = 0;
    bytes = 0;
    hashes = 0;
  }

  /// An entry of a table.
  void entry(PageEntry key, long valueLength) {
    entries++;
    bytes += key.keyLength + valueLength;
    hashes += KeyHash.mix(KeyHash.of(key.key, 0, key.keyLength));
  }

  /// The table's entries are all told.
  void end(String name, TableRecord table) {
    Queue found = queues.remove(table.tableId());
    if (!table.isBounded()) {
      if (found != null) {
        findings.violation(
            "nothing in the queue of table " + name + ", which has no bound", "some");
      }
      return;
    }
    Queue queue = found == null ? new Queue() : found;
    if (queue.places != entries || queue.keys != entries) {
      findings.violation(
          "a place and a key in the queue for each of the " + entries + " entries of table " + name,
          queue.places + " places and " + queue.keys + " keys");
    } else if (queue.keyHashes != hashes
        || !queue.hasRuns && queue.placeHashes != queue.numberHashes) {
      findings.violation("the queue of table " + name + " of its entries", "others");
    }
    if (queue.state.usedBytes() != bytes || queue.lastSequence >= queue.state.nextSequence()) {
      findings.violation(
          "a state of table " + name + " with its " + bytes + " bytes, and numbers below the next",
          queue.state + ", last number " + queue.lastSequence);
    }
    if (table.maxEntries() != 0 && entries > table.maxEntries()
        || table.maxBytes() != 0 && bytes > table.maxBytes()) {
      findings.violation(
          "at most "
              + table.maxEntries()
              + " entries of "
              + table.maxBytes()
              + " bytes in table "
              + name
              + " (0: no bound)",
          entries + " of " + bytes);
    }
  }

  /// A table that cannot be compared: it was dropped, or cannot be read whole.
  void skip(TableRecord table) {
    queues.remove(table.tableId());
  }

  /// All tables are told.
  void finish() {
    for (int tableId : queues.keySet()) {
      findings.violation("queues of tables only", "one of table id " + tableId);
    }
  }
}
