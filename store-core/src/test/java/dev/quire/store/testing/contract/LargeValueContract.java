package dev.quire.store.testing.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.Cursor;
import dev.quire.store.ReadTxn;
import dev.quire.store.Table;
import dev.quire.store.TableStats;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Values and keys that do not fit a page: as arrays, in place, in parts, as streams.
public abstract class LargeValueContract extends StoreContract {

  private static final int LARGE_BYTES = 3_000_000;

  /// Sizes around every limit of a page of 4 KiB, and far beyond.
  private static final int[] SIZES = {
    0, 1, 100, 1_000, 1_990, 2_000, 2_032, 2_048, 4_055, 4_056, 4_057, 4_096, 8_192, 65_536,
    1_000_000
  };

  protected LargeValueContract(Supplier<StoreForm> newForm) {
    super(newForm);
  }

  private Table table() {
    return store().table("t");
  }

  @Test
  void put_everySize_isReadBack() {
    for (int size : SIZES) {
      table().put(bytes("size-" + size), pattern(size, size));
    }
    for (int size : SIZES) {
      assertArrayEquals(pattern(size, size), table().get(bytes("size-" + size)));
      assertEquals(size, table().valueLength(bytes("size-" + size)));
    }
  }

  @Test
  void put_valueChangesItsSize_isReadBack() {
    for (int size : SIZES) {
      table().put(bytes("up"), pattern(size, 1));
      assertArrayEquals(pattern(size, 1), table().get(bytes("up")));
      int down = SIZES[SIZES.length - 1] - size;
      table().put(bytes("down"), pattern(down, 2));
      assertArrayEquals(pattern(down, 2), table().get(bytes("down")));
    }
    assertEquals(2, table().count());
  }

  @Test
  void largeValue_inPlace_isOneSegment() {
    byte[] value = pattern(LARGE_BYTES, 3);
    table().put(bytes("k"), value);
    try (ReadTxn txn = store().beginRead()) {
      MemorySegment view = txn.table("t").view(bytes("k"));
      assertNotNull(view);
      assertTrue(view.isReadOnly());
      assertEquals(-1, view.mismatch(MemorySegment.ofArray(value)));
    }
  }

  @Test
  void largeValue_parts_areThoseBytes() {
    byte[] value = pattern(LARGE_BYTES, 4);
    table().put(bytes("k"), value);
    for (int offset : new int[] {0, 1, 4_055, 4_096, 1_234_567, LARGE_BYTES - 10}) {
      byte[] part = table().get(bytes("k"), offset, 5_000);
      int end = Math.min(LARGE_BYTES, offset + 5_000);
      assertArrayEquals(Arrays.copyOfRange(value, offset, end), part);
    }
  }

  @Test
  void stream_inAndOut_isTheSame() throws IOException {
    byte[] value = pattern(LARGE_BYTES, 5);
    assertTrue(table().put(bytes("k"), new ByteArrayInputStream(value), value.length));
    assertFalse(table().put(bytes("k"), new ByteArrayInputStream(value), value.length));
    try (InputStream stream = table().stream(bytes("k"))) {
      assertNotNull(stream);
      assertArrayEquals(value, stream.readAllBytes());
      assertEquals(-1, stream.read());
    }
  }

  @Test
  void channel_inAndOut_isTheSame() throws IOException {
    for (int size : SIZES) {
      byte[] value = pattern(size, 6);
      table().put(bytes("k"), Channels.newChannel(new ByteArrayInputStream(value)), size);
      ByteArrayOutputStream target = new ByteArrayOutputStream();
      assertEquals(size, table().readTo(bytes("k"), Channels.newChannel(target)));
      assertArrayEquals(value, target.toByteArray());
    }
  }

  @Test
  void stream_longerThanAsked_isReadNoFurther() throws IOException {
    InputStream source = new ByteArrayInputStream(pattern(200_000, 7));
    table().put(bytes("k"), source, 150_000);
    assertArrayEquals(Arrays.copyOf(pattern(200_000, 7), 150_000), table().get(bytes("k")));
    assertEquals(50_000, source.available());
  }

  @Test
  void stream_endsTooEarly_changesNothing() {
    putAll(table(), "k=old");
    for (int size : new int[] {10, 500_000}) {
      InputStream source = new ByteArrayInputStream(pattern(size, 8));
      assertThrows(EOFException.class, () -> table().put(bytes("k"), source, size + 1));
    }
    assertEquals("old", text(table().get(bytes("k"))));
  }

  @Test
  void stream_sourceThrows_itsExceptionPassesAndNothingChanges() {
    IOException failure = new IOException("the source's own");
    InputStream source =
        new InputStream() {
          private int served;

          @Override
          public int read() throws IOException {
            if (served++ >= 300_000) {
              throw failure;
            }
            return 1;
          }
        };
    IOException caught =
        assertThrows(IOException.class, () -> table().put(bytes("k"), source, 1_000_000));
    assertEquals(failure, caught);
    assertNull(table().get(bytes("k")));
  }

  @Test
  void stream_skipMarkAndReset_moveInTheValue() throws IOException {
    byte[] value = pattern(100_000, 9);
    table().put(bytes("k"), value);
    try (InputStream stream = table().stream(bytes("k"))) {
      assertNotNull(stream);
      assertEquals(70_000, stream.skip(70_000));
      stream.mark(0);
      assertEquals(Byte.toUnsignedInt(value[70_000]), stream.read());
      stream.reset();
      assertEquals(30_000, stream.available());
      assertEquals(30_000, stream.skip(Long.MAX_VALUE));
      assertEquals(-1, stream.read(new byte[10]));
      assertEquals(0, stream.read(new byte[0]));
    }
  }

  @Test
  void stream_ofStoreTable_keepsItsSnapshot() throws IOException {
    byte[] value = pattern(300_000, 10);
    table().put(bytes("k"), value);
    try (InputStream stream = table().stream(bytes("k"))) {
      assertNotNull(stream);
      table().put(bytes("k"), pattern(300_000, 11));
      table().delete(bytes("k"));
      assertArrayEquals(value, stream.readAllBytes());
    }
  }

  @Test
  void stream_absentKeyOrClosed_isNullOrRefused() throws IOException {
    assertNull(table().stream(bytes("k")));
    assertEquals(-1, table().readTo(bytes("k"), Channels.newChannel(new ByteArrayOutputStream())));
    putAll(table(), "k=v");
    InputStream stream = table().stream(bytes("k"));
    assertNotNull(stream);
    stream.close();
    stream.close();
    assertThrows(IllegalStateException.class, stream::read);
  }

  @Test
  void delete_largeValues_givesTheirPagesBack() {
    table().put(bytes("a"), pattern(LARGE_BYTES, 12));
    TableStats before = table().stats();
    assertNotNull(before);
    assertTrue(before.overflowPages() * store().stats().pageSizeBytes() >= LARGE_BYTES);
    table().delete(bytes("a"));
    TableStats after = table().stats();
    assertNotNull(after);
    assertEquals(0, after.overflowPages());
  }

  @Test
  void cursor_largeValues_areReadInPlace() {
    table().put(bytes("a"), pattern(50_000, 1));
    table().put(bytes("b"), pattern(60_000, 2));
    try (Cursor cursor = table().cursor()) {
      assertTrue(cursor.next());
      assertEquals(50_000, cursor.valueLength());
      assertTrue(cursor.next());
      assertArrayEquals(pattern(60_000, 2), cursor.value().toArray(ValueLayout.JAVA_BYTE));
      byte[] start = new byte[10];
      assertEquals(60_000, cursor.valueInto(start));
      assertArrayEquals(Arrays.copyOf(pattern(60_000, 2), 10), start);
    }
  }

  @Test
  void keys_everyLength_areFoundAndOrdered() {
    int[] lengths = {0, 1, 8, 255, 256, 1_023, 1_024, 1_025, 4_096, 20_000, 65_535, 65_536};
    for (int length : lengths) {
      table().put(new byte[length], bytes("length " + length));
    }
    int index = 0;
    try (Cursor cursor = table().cursor()) {
      while (cursor.next()) {
        assertEquals(lengths[index], cursor.key().length);
        assertEquals("length " + lengths[index], text(cursor.valueBytes()));
        index++;
      }
    }
    assertEquals(lengths.length, index);
    for (int length : lengths) {
      assertEquals("length " + length, text(table().get(new byte[length])));
      assertTrue(table().delete(new byte[length]));
    }
    assertEquals(0, table().count());
  }

  @Test
  void keys_longestThatDifferInTheLastByte_areToldApart() {
    byte[] key = new byte[65_536];
    for (int last = 0; last < 50; last++) {
      key[key.length - 1] = (byte) last;
      table().put(key, new byte[] {(byte) last});
    }
    for (int last = 0; last < 50; last++) {
      key[key.length - 1] = (byte) last;
      assertArrayEquals(new byte[] {(byte) last}, table().get(key));
    }
    byte[] target = new byte[10];
    try (Cursor cursor = table().cursor()) {
      assertTrue(cursor.seekAtLeast(key));
      assertEquals(65_536, cursor.keyInto(target));
      assertFalse(cursor.next());
    }
  }
}
