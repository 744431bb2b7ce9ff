package dev.quire.store.internal.tree;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.testing.TestPages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: damaged pages end in a result or an error: never in a hang, an endless recursion, or
/// memory outside the image.
///
/// Method: random bytes of a committed tree are changed; everything is looked up, walked and
/// changed; then the bytes are put back. (What a damaged page says may be wrong: the CRC is there
/// to tell.)
class TreeCorruptionTest {

  private static final long SEED = Long.getLong("quire.seed", System.nanoTime());
  private static final int KEYS = 1500;
  private static final int ROUNDS = 300;

  private final Random random = new Random(SEED);
  private TestPages pages = new TestPages(4096);
  private TreeRoot root = new TreeRoot(false);
  private final ValueSlot slot = new ValueSlot();
  private int failures;

  private byte[] key(int index) {
    byte[] key = new byte[root.integerKeys ? 8 : index % 50 == 0 ? 2000 : 10 + index % 9];
    KeyBytes.setWord(key, 0, index * 0x9E37_79B9_7F4A_7C15L);
    return key;
  }

  private void load() {
    TreeWriter writer = new TreeWriter(pages);
    for (int i = 0; i < KEYS; i++) {
      byte[] key = key(i);
      byte[] value = new byte[i % 40 == 0 ? 3000 : i % 90];
      writer.put(root, key, key.length, slot.set(MemorySegment.ofArray(value), 0, value.length));
    }
    pages.commit(root);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyUse_damagedBytes_endsInResultOrError(boolean integers) {
    root = new TreeRoot(integers);
    load();
    Duration limit = Duration.ofSeconds(120);
    Assertions.assertTimeoutPreemptively(
        limit, this::damageOftenAndUse, () -> "hangs with -Dquire.seed=" + SEED);
    assertTrue(failures > 0, "no damage was ever noticed, -Dquire.seed=" + SEED);
  }

  private void damageOftenAndUse() {
    for (int round = 0; round < ROUNDS; round++) {
      MemorySegment image = pages.image();
      byte[] saved = image.toArray(ValueLayout.JAVA_BYTE);
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        damage(image);
      }
      use();
      MemorySegment.copy(saved, 0, pages.image(), ValueLayout.JAVA_BYTE, 0, saved.length);
    }
  }

  /// Mostly the beginnings of pages, where the arrays are.
  private void damage(MemorySegment image) {
    long page = random.nextInt(1, pages.pageCount()) * 4096L;
    long at = page + random.nextInt(random.nextBoolean() ? 40 : random.nextBoolean() ? 400 : 4096);
    byte old = image.get(ValueLayout.JAVA_BYTE, at);
    byte changed =
        random.nextBoolean() ? (byte) random.nextInt() : (byte) (old ^ 1 << random.nextInt(8));
    image.set(ValueLayout.JAVA_BYTE, at, changed);
  }

  private void use() {
    for (int i = 0; i < 200; i++) {
      byte[] key = key(random.nextInt(KEYS));
      attempt(() -> find(key));
    }
    attempt(() -> walk(true));
    attempt(() -> walk(false));
    for (int i = 0; i < 20; i++) {
      byte[] key = key(random.nextInt(KEYS));
      attempt(() -> seek(key));
    }
  }

  private void find(byte[] key) {
    boolean found =
        root.integerKeys
            ? TreeReader.findInteger(pages, root.ref, KeyBytes.word(key, 8, 0), slot)
            : TreeReader.find(pages, root.ref, key, key.length, slot);
    if (found) {
      readValue();
    }
  }

  private void readValue() {
    slot.segment.asSlice(slot.offset, slot.length).toArray(ValueLayout.JAVA_BYTE);
  }

  private void walk(boolean forward) {
    TreeCursor cursor = new TreeCursor(pages);
    cursor.open(root.ref);
    boolean valid = forward ? cursor.first() : cursor.last();
    while (valid) {
      read(cursor);
      valid = forward ? cursor.next() : cursor.previous();
    }
  }

  private void seek(byte[] key) {
    TreeCursor cursor = new TreeCursor(pages);
    cursor.open(root.ref);
    if (cursor.seekAtLeast(key, key.length)) {
      read(cursor);
    }
    if (cursor.seekAtMost(key, key.length)) {
      read(cursor);
    }
  }

  private void read(TreeCursor cursor) {
    byte[] key = new byte[cursor.keyLength()];
    cursor.copyKey(key);
    cursor.value(slot);
    readValue();
  }

  private void attempt(Runnable use) {
    try {
      use.run();
    } catch (CorruptPageException | IndexOutOfBoundsException e) {
      failures++;
    }
  }
}
