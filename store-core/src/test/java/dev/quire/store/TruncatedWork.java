package dev.quire.store;

import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One thing done with a store in a loop, hot and compiled, until somebody cuts the data file under
/// it; every result is compared with what it must be.
///
/// Prints [#READY] and where to cut the file when it may be cut, and after each round how it ended.
/// It is cut in the middle of a long value that lies behind all other pages, or to nothing.
final class TruncatedWork {

  static final String READY = "ready";

  /// The end of a good round.
  static final String GOOD = "caught, 0 wrong results";

  private static final int ENTRIES = 10_000;
  private static final int VALUE_BYTES = 96;
  private static final int LONG_VALUE_BYTES = 4 << 20;

  /// Where in the long value its mark lies; work on long values is cut there.
  private static final int MARK_OFFSET = 1 << 20;

  /// Behind the mark.
  private static final long LATE_OFFSET = 3 << 20;

  private static final long MARK = 0x7571_6972_6521_4D4BL;
  private static final long FIRST_WARM_UP_NANOS = 500_000_000L;
  private static final long WARM_UP_NANOS = 150_000_000L;

  private static final long PATIENCE_NANOS = 10_000_000_000L;

  /// Work that gives one result at a time.
  private interface Step {
    /// Does the next piece.
    ///
    /// @return whether the result is right
    boolean isRight(int number) throws IOException;
  }

  private final Store store;
  private final byte[][] keys = new byte[ENTRIES][];
  private final byte[][] values = new byte[ENTRIES][];
  private final byte[] longValue = new byte[LONG_VALUE_BYTES];
  private final byte[] target = new byte[VALUE_BYTES];
  private final byte[] longTarget = new byte[LONG_VALUE_BYTES];

  private TruncatedWork(Path directory) {
    store = Store.open(directory, StoreOptions.defaults().withDurability(Durability.CHECKPOINT));
    for (int i = 0; i < ENTRIES; i++) {
      keys[i] = Keys.ofLong(i * 0x9E37_79B9_7F4A_7C15L);
      values[i] = Arrays.copyOf(keys[i], VALUE_BYTES);
      Arrays.fill(values[i], 8, VALUE_BYTES, (byte) (i | 1));
    }
    Arrays.fill(longValue, (byte) 77);
    ByteBuffer.wrap(longValue).putLong(MARK_OFFSET, MARK);
    fill();
  }

  /// A long value between two others makes room before it for the rest.
  private void fill() {
    Table longTable = store.table("long");
    longTable.put(keys[1], new byte[2 * LONG_VALUE_BYTES]);
    longTable.put(keys[0], longValue);
    longTable.delete(keys[1]);
    store.checkpoint();
    store.table("integers", TableOptions.defaults().withIntegerKeys(true));
    store.write(
        txn -> {
          for (int i = 0; i < ENTRIES; i++) {
            txn.table("bytes").put(keys[i], values[i]);
            txn.table("integers").put(i, values[i]);
          }
          txn.table("long").put(keys[1], values[1]);
        });
    store.checkpoint();
  }

  /// Where the mark of the long value lies in the file.
  private static long markOf(Path data) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(data));
    int at = 0;
    while (bytes.getLong(at) != MARK) {
      at++;
    }
    return at;
  }

  /// @param arguments directory, work, rounds
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    int rounds = Integer.parseInt(arguments[2]);
    for (int round = 0; round < rounds; round++) {
      long warmUp = round == 0 ? FIRST_WARM_UP_NANOS : WARM_UP_NANOS;
      Path directory = Path.of(arguments[0], "store" + round);
      TruncatedWork work = new TruncatedWork(directory);
      long cut = arguments[1].startsWith("long") ? markOf(directory.resolve("data")) : 0;
      String ready = READY + " " + cut;
      try (ReadTxn txn = work.store.beginRead();
          Cursor cursor = txn.table("bytes").cursor()) {
        out.println(
            work.run(work.step(arguments[1], txn, cursor), () -> out.println(ready), warmUp));
      }
      out.println(work.afterwards());
      work.store.close();
    }
  }

  /// Loops until something is thrown.
  private String run(Step step, Runnable sayReady, long warmUpNanos) {
    long begin = System.nanoTime();
    boolean ready = false;
    long wrong = 0;
    for (int number = 0; ; number++) {
      try {
        if (!step.isRight(number)) {
          wrong++;
        }
      } catch (StoreTruncatedException e) {
        return "caught, " + wrong + " wrong results";
      } catch (IOException | RuntimeException | Error e) {
        e.printStackTrace();
        return "escaped: " + e + ", " + wrong + " wrong results";
      }
      long passed = System.nanoTime() - begin;
      if (!ready && passed > warmUpNanos) {
        ready = true;
        sayReady.run();
      }
      if (passed > warmUpNanos + PATIENCE_NANOS) {
        return "not noticed, " + wrong + " wrong results";
      }
    }
  }

  /// Whether the store has noticed: it refuses writes.
  private String afterwards() {
    try (WriteTxn txn = store.beginWrite()) {
      return "writes go on in transaction " + txn.id();
    } catch (StoreTruncatedException e) {
      return "refused";
    }
  }

  private Step step(String work, ReadTxn txn, Cursor cursor) {
    Table bytes = txn.table("bytes");
    return switch (work) {
      case "get" -> i -> isValue(i, bytes.get(key(i)));
      case "getInto" -> i -> bytes.getInto(key(i), target) == VALUE_BYTES && isValue(i, target);
      case "getOfStore" -> {
        Table direct = store.table("bytes");
        yield i -> isValue(i, direct.get(key(i)));
      }
      case "getByReader" ->
          i -> {
            Long word = bytes.get(key(i), segment -> segment.get(ValueLayout.JAVA_BYTE, 50) + 0L);
            return word != null && word == values[index(i)][50];
          };
      case "integers" -> {
        Table integers = txn.table("integers");
        yield i -> integers.getInto(index(i), target) == VALUE_BYTES && isValue(i, target);
      }
      case "contains" -> i -> bytes.contains(key(i)) && !bytes.contains(target);
      case "estimate" -> {
        KeyRange range = KeyRange.atLeast(keys[ENTRIES / 2]);
        long right = bytes.estimate(range);
        yield _ -> bytes.estimate(range) == right;
      }
      case "tables" -> _ -> txn.tables().size() == 3 && txn.table("long").count() == 2;
      case "scan" -> scan(cursor);
      case "seek" -> i -> cursor.seekAtLeast(key(i)) && Arrays.equals(cursor.key(), key(i));
      case "longCopy" -> {
        Table table = txn.table("long");
        yield _ ->
            table.getInto(keys[0], longTarget) == LONG_VALUE_BYTES
                && Arrays.equals(longTarget, longValue);
      }
      case "longPart" -> {
        Table table = txn.table("long");
        yield _ -> table.get(keys[0], LATE_OFFSET, 8) instanceof byte[] part && part[3] == 77;
      }
      case "longByReader" -> {
        Table table = txn.table("long");
        byte[] key = keys[0];
        yield _ -> {
          Long word = table.get(key, TruncatedWork::lateWord);
          return word != null && word == 0x4D4D_4D4D_4D4D_4D4DL;
        };
      }
      case "longStream" -> _ -> isLongValue(txn.table("long"));
      case "changes" -> changes(txn);
      case "write" -> this::write;
      case "stats" -> _ -> store.stats().pageSizeBytes() == StoreOptions.MIN_PAGE_SIZE_BYTES;
      case "activity" -> _ -> !store.activity().processes().isEmpty();
      case "check" -> _ -> !store.check().isDamaged();
      default -> throw new IllegalArgumentException(work);
    };
  }

  private static int index(int number) {
    return Math.floorMod(number * 7919, ENTRIES);
  }

  private byte[] key(int number) {
    return keys[index(number)];
  }

  private boolean isValue(int number, byte @Nullable [] value) {
    return value != null && Arrays.equals(value, values[index(number)]);
  }

  /// Counts all entries, with their keys and values.
  private Step scan(Cursor cursor) {
    byte[] key = new byte[8];
    return _ -> {
      int count = 0;
      for (boolean found = cursor.first(); found; found = cursor.next()) {
        boolean right = cursor.keyInto(key) == 8 && cursor.valueInto(target) == VALUE_BYTES;
        if (!right || !Arrays.equals(key, 0, 8, target, 0, 8) || target[20] != target[90]) {
          return false;
        }
        count++;
      }
      return count == ENTRIES;
    };
  }

  /// Gives each entry another last byte, and tells the changes again and again.
  private Step changes(ReadTxn older) {
    store.write(
        txn -> {
          for (int i = 0; i < ENTRIES; i++) {
            byte[] changed = values[i].clone();
            changed[VALUE_BYTES - 1]++;
            txn.table("bytes").put(keys[i], changed);
          }
        });
    ReadTxn newer = store.beginRead();
    return _ -> {
      int count = 0;
      try (Changes changes = store.diff(older, newer)) {
        while (changes.next()) {
          byte[] was = changes.oldBytes();
          byte[] is = changes.newBytes();
          boolean right = was != null && is != null && was[20] == was[VALUE_BYTES - 1];
          if (!right
              || Arrays.mismatch(was, is) != VALUE_BYTES - 1
              || !Arrays.equals(changes.key(), Arrays.copyOf(was, 8))) {
            return false;
          }
          count++;
        }
      }
      return count == ENTRIES;
    };
  }

  private static Long lateWord(MemorySegment segment) {
    return segment.get(ValueLayout.JAVA_LONG_UNALIGNED, LATE_OFFSET);
  }

  private boolean isLongValue(Table table) throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream(LONG_VALUE_BYTES);
    table.readTo(keys[0], Channels.newChannel(written));
    try (InputStream stream = table.stream(keys[0])) {
      return stream != null
          && Arrays.equals(stream.readAllBytes(), longValue)
          && Arrays.equals(written.toByteArray(), longValue);
    }
  }

  /// Reads and writes in one transaction.
  private boolean write(int number) {
    try (WriteTxn txn = store.beginWrite()) {
      Table table = txn.table("bytes");
      boolean right = true;
      for (int i = number; i < number + 8; i++) {
        right &= isValue(i, table.get(key(i)));
        right &= !table.put(key(i), values[index(i)]);
        right &= !table.putIfAbsent(key(i), longValue);
      }
      txn.commit();
      return right;
    }
  }
}
