package dev.quire.store;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Damage to the bytes of a file, chosen by a seed.
///
/// @param bytes of the file afterwards
/// @param words what was done
record MutatedFile(byte[] bytes, String words) {

  private static final int PAGE = 4096;

  /// @param file the bytes of before
  /// @param older the same file some transactions earlier
  static MutatedFile of(byte[] file, byte[] older, SplittableRandom random) {
    byte[] bytes = file.clone();
    int pages = bytes.length / PAGE;
    int page = random.nextInt(pages) * PAGE;
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(9)) {
      case 0 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return new MutatedFile(bytes, "a bit of byte " + at);
      }
      case 1 -> {
        int offset = page + random.nextInt(64);
        bytes[offset] ^= (byte) (1 << random.nextInt(8));
        return new MutatedFile(bytes, "a bit of a header, byte " + offset);
      }
      case 2 -> {
        int length = 1 + random.nextInt(Math.min(600, bytes.length - at));
        byte[] run = new byte[length];
        if (random.nextBoolean()) {
          random.nextBytes(run);
        }
        System.arraycopy(run, 0, bytes, at, length);
        return new MutatedFile(bytes, length + " bytes at " + at);
      }
      case 3 -> {
        Arrays.fill(bytes, page, page + PAGE, (byte) 0);
        return new MutatedFile(bytes, "zeros at " + page);
      }
      case 4 -> {
        int other = random.nextInt(pages) * PAGE;
        System.arraycopy(file, page, bytes, other, PAGE);
        System.arraycopy(file, other, bytes, page, PAGE);
        return new MutatedFile(bytes, "pages at " + page + " and " + other + " are swapped");
      }
      case 5 -> {
        int old = random.nextInt(older.length / PAGE) * PAGE;
        System.arraycopy(older, old, bytes, page, PAGE);
        return new MutatedFile(bytes, "the old page of " + old + " at " + page);
      }
      case 6 -> {
        int same = Math.min(page, older.length - PAGE);
        System.arraycopy(older, same, bytes, same, PAGE);
        return new MutatedFile(bytes, "the old page of " + same);
      }
      case 7 -> {
        int length = random.nextBoolean() ? page : page + 512 * random.nextInt(8);
        return new MutatedFile(Arrays.copyOf(bytes, length), "cut to " + length);
      }
      default -> {
        int sector = at / 512 * 512;
        int from = random.nextInt(bytes.length / 512) * 512;
        System.arraycopy(file, from, bytes, sector, 512);
        return new MutatedFile(bytes, "the sector of " + from + " at " + sector);
      }
    }
  }

  /// Changes of aligned words, of which `shm` consists.
  static MutatedFile ofWords(byte[] file, int from, int to, SplittableRandom random) {
    byte[] bytes = file.clone();
    StringBuilder words = new StringBuilder("words");
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      int at = (from + random.nextInt(to - from)) / 8 * 8;
      byte[] word = new byte[8];
      switch (random.nextInt(4)) {
        case 0 -> random.nextBytes(word);
        case 1 -> Arrays.fill(word, (byte) -1);
        case 2 -> word[0] = (byte) random.nextInt();
        default -> {
          System.arraycopy(bytes, at, word, 0, 8);
          word[random.nextInt(8)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      System.arraycopy(word, 0, bytes, at, 8);
      words.append(' ').append(at);
    }
    return new MutatedFile(bytes, words.toString());
  }
}
