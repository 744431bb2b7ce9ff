import dev.quire.store.ChangeScope;
import dev.quire.store.Changes;
import dev.quire.store.KeyRange;
import dev.quire.store.Keys;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.TemporaryStore;
import dev.quire.store.Watch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Two processes and one store in shared memory: this one makes samples of a sensor, the other one
/// analyses them as they come, and deletes what it has read.
///
/// ```sh
/// java -cp store-core/target/classes docs/examples/SensorPipeline.java
/// ```
///
/// A value of the table is a block of samples, its key the number of the block. `quire demo
/// pipeline` does the same faster, and compares it with a pipe and a socket.
public final class SensorPipeline {

  private static final int BLOCKS = 400;
  private static final int SAMPLES = 4_000;
  private static final int SAMPLE_BYTES = 16; // the time, and what was measured
  private static final int MOST_BLOCKS = 100; // that wait in the store
  private static final TableOptions NUMBERS = TableOptions.defaults().withIntegerKeys(true);

  private SensorPipeline() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      produce();
    } else {
      analyse(arguments[0]);
    }
  }

  // -- the process that makes samples -------------------------------------------------------------

  private static void produce() throws Exception {
    try (TemporaryStore store = Store.sharedTemporary()) {
      Table blocks = store.table("blocks", NUMBERS);
      Watch consumer = store.watch(ChangeScope.table("consumer"));
      Process analyser = start(store.token());
      consumer.poll(Duration.ofSeconds(30)); // it says that it watches
      consumer.close();

      ByteBuffer block = ByteBuffer.allocate(SAMPLES * SAMPLE_BYTES).order(ByteOrder.BIG_ENDIAN);
      for (int number = 0; number < BLOCKS; number++) {
        block.clear();
        for (int i = 0; i < SAMPLES; i++) {
          int sample = number * SAMPLES + i;
          block.putLong(sample).putDouble(20 + Math.sin(sample / 10_000.0));
        }
        while (blocks.count() >= MOST_BLOCKS && analyser.isAlive()) {
          LockSupport.parkNanos(100_000);
        }
        blocks.put(number, block.array()); // one transaction: the other process sees it now
      }

      int exitCode = analyser.waitFor();
      System.out.println("The file of the store has " + store.stats().fileSizeBytes() + " bytes.");
      System.exit(exitCode);
    }
  }

  private static Process start(String token) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String program = System.getProperty("jdk.launcher.sourcefile");
    return new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), program, token)
        .inheritIO()
        .start();
  }

  // -- the process that analyses them -------------------------------------------------------------

  private static final ValueLayout.OfDouble VALUE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static void analyse(String token) throws Exception {
    try (Store store = Store.sharedTemporary(token);
        Watch watch = store.watch(ChangeScope.table("blocks"))) {
      store.table("consumer").put(new byte[0], new byte[0]);
      Table blocks = store.table("blocks");
      long next = 0;
      while (next < BLOCKS) {
        Changes changes = watch.poll(Duration.ofSeconds(30));
        if (changes == null) {
          throw new IllegalStateException("no samples for 30 seconds");
        }
        while (changes.next()) {
          if (changes.kind() == Changes.Kind.PUT) {
            next = changes.longKey() + 1;
            analyse(changes.longKey(), changes.newValue()); // where it lies: nothing is copied
          }
        }
        blocks.deleteRange(KeyRange.lessThan(Keys.ofLong(next)));
      }
    }
  }

  private static void analyse(long number, MemorySegment block) {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (long at = 0; at < block.byteSize(); at += SAMPLE_BYTES) {
      double value = block.get(VALUE, at + Long.BYTES);
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
      sum += value;
    }
    if (number % 100 == 0) {
      System.out.printf(
          "block %d: least %.4f, greatest %.4f, mean %.4f%n",
          number, least, greatest, sum / SAMPLES);
    }
  }
}
