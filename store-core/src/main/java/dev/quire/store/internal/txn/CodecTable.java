package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.CodecIds;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Which codecs a table has: two ids in its record ([CodecIds]). The names of those that are not
/// built in are in a table of the store's own.
public final class CodecTable {

  private static final byte[] TABLE = "quire.codecs".getBytes(StandardCharsets.UTF_8);

  private CodecTable() {}

  /// The names of a table's codecs. One that was lost is `#` and its id in hex.
  public record Names(String keys, String values) {}

  /// The codecs of a table, or null if it has none or does not exist.
  public static @Nullable Names find(Snapshot snapshot, byte[] table) {
    try {
      TableRecord record = snapshot.findTable(table);
      Names names =
          record == null || record.keyCodec() == CodecIds.NONE ? null : names(snapshot, record);
      PendingFault.raise();
      return names;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(snapshot, e);
    }
  }

  private static Names names(Snapshot snapshot, TableRecord record) {
    TableRecord table = snapshot.findTable(TABLE);
    long root = table == null ? PageRef.NONE : table.rootRef();
    return new Names(
        name(snapshot, root, record.keyCodec()), name(snapshot, root, record.valueCodec()));
  }

  private static String name(PageReader pages, long rootRef, long id) {
    String known = CodecIds.findBuiltIn(id);
    if (known == null) {
      known = findName(pages, rootRef, id);
    }
    return known == null ? "#" + Long.toHexString(id) : known;
  }

  private static @Nullable String findName(PageReader pages, long rootRef, long id) {
    byte[] key = key(id);
    ValueSlot slot = new ValueSlot();
    if (rootRef == PageRef.NONE
        || !TreeReader.find(pages, rootRef, key, key.length, slot)
        || slot.length > CodecIds.MAX_NAME_BYTES) {
      return null;
    }
    byte[] name = slot.segment.asSlice(slot.offset, slot.length).toArray(ValueLayout.JAVA_BYTE);
    return new String(name, StandardCharsets.UTF_8);
  }

  /// Gives a table its codecs, unless it has some; makes it if it does not exist. A table that
  /// exists has no operation in the log for this: such a transaction commits through a checkpoint.
  public static void give(WriteSession session, byte[] name, boolean integerKeys, Names codecs) {
    long keys = CodecIds.of(codecs.keys());
    long values = CodecIds.of(codecs.values());
    TableTree table = session.findTable(name);
    if (table == null) {
      int tableId = Math.toIntExact(session.words().nextTableId());
      TableRecord record =
          Catalogue.newRecord(tableId, TableSettings.plain(integerKeys), session.txnId());
      session.createTable(name, record.withCodecs(keys, values));
    } else if (table.record().keyCodec() == CodecIds.NONE) {
      set(session, table, keys, values);
    } else {
      return;
    }
    putName(session, keys, codecs.keys());
    putName(session, values, codecs.values());
  }

  /// Gives a table the codecs of another record, if that has some.
  public static void copy(WriteSession session, TableTree table, TableRecord from) {
    if (from.keyCodec() != CodecIds.NONE) {
      set(session, table, from.keyCodec(), from.valueCodec());
    }
  }

  private static void set(WriteSession session, TableTree table, long keys, long values) {
    table.setCodecs(keys, values);
    session.memory.redo.giveUp();
    session.edited(table);
  }

  private static void putName(WriteSession session, long id, String name) {
    if (CodecIds.isCustom(id)) {
      TableTree names = session.createTable(TABLE, TableSettings.plain(false));
      byte[] key = key(id);
      MemorySegment value = MemorySegment.ofArray(name.getBytes(StandardCharsets.UTF_8));
      session.store(
          WriteSession.Way.IF_ABSENT, names, key, key.length, value, 0, value.byteSize(), 0);
    }
  }

  private static byte[] key(long id) {
    return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
  }
}
