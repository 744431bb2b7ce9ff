package dev.quire.store.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.CompatibleFieldSerializer;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Some Kryos for any number of threads, virtual ones too: each is used by one at a time, and none
/// belongs to a thread. One that threw is not used again: what it was doing may be left in it.
final class KryoPool {

  private static final int KEPT =
      Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 4, 64);
  private static final int MAX_DEPTH = 512;
  private static final int FIRST_BUFFER_BYTES = 512;

  /// A buffer that has grown beyond this is not kept.
  private static final int KEPT_BUFFER_BYTES = 1 << 20;

  private static final String MEANS = "kryo.unsafe";

  static {
    loadWithSupportedMeans();
  }

  private final Map<Integer, Class<?>> classes;
  private final Consumer<Kryo> configuration;
  private final BlockingQueue<Worker> idle = new ArrayBlockingQueue<>(KEPT);

  /// A Kryo and what it writes to.
  private record Worker(Kryo kryo, Output output) {}

  KryoPool(Map<Integer, Class<?>> classes, Consumer<Kryo> configuration) {
    this.classes = classes;
    this.configuration = configuration;
    boolean _ = idle.offer(newWorker());
  }

  /// When its class `Util` is loaded, Kryo decides whether to use what the JDK does not support and
  /// warns of. Unless the application has decided, or has loaded it before, it does not.
  private static void loadWithSupportedMeans() {
    String chosen = System.getProperty(MEANS);
    try {
      if (chosen == null) {
        String _ = System.setProperty(MEANS, "false");
      }
      Class<?> _ =
          Class.forName(
              "com.esotericsoftware.kryo.util.Util", true, KryoPool.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this is no Kryo 5: it has no class Util", e);
    } finally {
      if (chosen == null) {
        String _ = System.clearProperty(MEANS);
      }
    }
  }

  private Worker newWorker() {
    Kryo kryo = new Kryo(new RegisteredClasses(), new MapReferenceResolver());
    kryo.setReferences(false);
    kryo.setRegistrationRequired(true);
    kryo.setMaxDepth(MAX_DEPTH);
    kryo.setDefaultSerializer(CompatibleFieldSerializer.class);
    configuration.accept(kryo);
    classes.forEach((id, type) -> kryo.register(type, id));
    return new Worker(kryo, new Output(FIRST_BUFFER_BYTES, -1));
  }

  private Worker take() {
    Worker found = idle.poll();
    return found == null ? newWorker() : found;
  }

  /// The bytes of an object.
  ///
  /// @throws IllegalArgumentException if Kryo cannot write it
  byte[] write(Object object) {
    Worker worker = take();
    try {
      worker.output.reset();
      worker.kryo.writeClassAndObject(worker.output, object);
      byte[] bytes = worker.output.toBytes();
      if (worker.output.getBuffer().length <= KEPT_BUFFER_BYTES) {
        boolean _ = idle.offer(worker);
      }
      return bytes;
    } catch (RuntimeException | StackOverflowError e) {
      throw new IllegalArgumentException(
          "Kryo cannot write a " + object.getClass().getName() + ": " + e.getMessage(), e);
    }
  }

  /// The object of the bytes.
  ///
  /// @throws IllegalArgumentException if they are not what Kryo wrote
  @Nullable Object read(byte[] bytes) {
    Worker worker = take();
    BoundedInput input = new BoundedInput(bytes);
    Object object;
    try {
      object = worker.kryo.readClassAndObject(input);
    } catch (RuntimeException | StackOverflowError e) {
      throw new IllegalArgumentException("Kryo cannot read it: " + e.getMessage(), e);
    }
    boolean _ = idle.offer(worker);
    if (input.position() != bytes.length) {
      throw new IllegalArgumentException(
          "the object ends after " + input.position() + " of " + bytes.length + " bytes");
    }
    return object;
  }
}
