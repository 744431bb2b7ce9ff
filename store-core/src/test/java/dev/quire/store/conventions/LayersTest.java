package dev.quire.store.conventions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.net.URISyntaxException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Goal: dependencies point down the floors ([Floors]) and stay inside the fences ([Fence]).
///
/// Method: names are read from all main sources, uses from the compiled classes of store-core.
/// Every rule is also shown a bad piece, which it must find.
final class LayersTest {

  @Test
  void mainSources_wholeProject_pointDownTheFloors() {
    List<Finding> findings = new ArrayList<>();
    for (SourceFile source : Project.find().sources()) {
      findings.addAll(LayerRules.layers(source));
      findings.addAll(LayerRules.imports(source));
    }
    assertEquals(List.of(), findings);
  }

  @Test
  void compiledClasses_storeCore_pointDownTheFloors() throws URISyntaxException {
    List<String> findings = new ArrayList<>();
    for (ClassUses used : ClassUses.of(mainClasses())) {
      String user = used.packageName();
      for (String other : used.ourPackages()) {
        if (!Floors.mayUse(user, other)) {
          findings.add(used.className() + " may not use " + other);
        }
      }
    }
    assertEquals(List.of(), findings);
  }

  @Test
  void compiledClasses_storeCore_stayInsideTheFences() throws URISyntaxException {
    List<String> findings = new ArrayList<>();
    List<ClassUses> classes = ClassUses.of(mainClasses());
    assertFalse(classes.isEmpty());
    for (ClassUses used : classes) {
      for (Fence fence : Fence.ALL) {
        for (String use : used.uses()) {
          if (fence.forbids(used.className(), use)) {
            findings.add(fence.name() + ": " + used.className() + " uses " + use);
          }
        }
      }
    }
    assertEquals(List.of(), findings);
  }

  @ParameterizedTest
  @CsvSource({
    "internal.tree,   internal.page,    true",
    "internal.page,   internal.tree,    false",
    "internal.tree,   internal.tree,    true",
    "errors,          options,          false",
    "internal.txn,    options,          true",
    "internal.format, internal.unknown, false",
    "cli,             internal.inspect, true",
    "cli,             internal.txn,     false",
    "cli,             lmdb,             true",
    "cli,             server,           true",
    "cli,             server.run,       false",
    "server.run,      server.state,     true",
    "server,          internal.txn,     false",
    "server,          lmdb,             false",
    "lmdb,            options,          true",
    "internal.view,   lmdb,             false",
    "cli.demo,        cli,              true",
    "server,          internal.inspect, false",
    "internal.txn,    cli,              false",
  })
  void floors_pairOfPackages_mayOrMayNot(String user, String used, boolean allowed) {
    assertEquals(allowed, Floors.mayUse("dev.quire.store." + user, "dev.quire.store." + used));
  }

  @Test
  void layers_upwardImport_isFound() {
    String bad = "import dev.quire.store.internal.tree.TreeReader;\n";
    assertEquals(3, onlyFinding(LayerRules.layers(core("internal.page", bad, ""))).line());
  }

  @Test
  void layers_upwardStaticImport_isFound() {
    String bad = "import static dev.quire.store.internal.tree.TreeReader.find;\n";
    onlyFinding(LayerRules.layers(core("internal.page", bad, "")));
  }

  @Test
  void layers_upwardQualifiedName_isFound() {
    String bad = "Object o = new dev.quire.store.Store();";
    onlyFinding(LayerRules.layers(core("internal.page", "", bad)));
  }

  @Test
  void layers_packageWithoutFloor_isFound() {
    onlyFinding(LayerRules.layers(core("internal.stray", "", "")));
  }

  @Test
  void layers_nameInDocOnly_isAllowed() {
    String doc = "/// See [dev.quire.store.Store].\nint x;";
    assertEquals(List.of(), LayerRules.layers(core("internal.page", "", doc)));
  }

  @Test
  void layers_nameInString_isAllowed() {
    String text = "String x = \"a\\\"b dev.quire.store.open\";";
    assertEquals(List.of(), LayerRules.layers(core("internal.page", "", text)));
  }

  @Test
  void imports_wildcardOrModule_isFound() {
    onlyFinding(LayerRules.imports(core("errors", "import java.util.*;\n", "")));
    onlyFinding(LayerRules.imports(core("errors", "import module java.base;\n", "")));
  }

  @ParameterizedTest
  @CsvSource({
    "files,              internal.tree.X,     internal.region.X",
    "segment fields,     internal.tree.X,     internal.region.Bytes",
    "segment fields,     internal.region.X,   internal.format.X",
    "byte order,         internal.format.X,   internal.format.Le",
    "shared state,       internal.page.X,     internal.txn.X",
    "ordered access,     internal.tree.X,     internal.format.X",
    "pure floors,        internal.format.X,   internal.txn.X",
    "streams,            internal.inspect.X,  Store",
    "boxing,             internal.tree.X,     internal.inspect.X",
    "restricted methods, internal.region.X,   lmdb.X",
    "native libraries,   internal.region.X,   lmdb.X",
    "optional libraries, internal.view.X,     kryo.X",
  })
  void fence_useInTwoPlaces_isFoundInOne(String name, String bad, String good) throws IOException {
    assertTrue(isForbidden(name, bad), "not found");
    assertFalse(isForbidden(name, good), "found where it is allowed");
  }

  @ParameterizedTest
  @CsvSource({"restricted methods, Store", "console, Store"})
  void fence_useAnywhere_isFound(String name, String bad) throws IOException {
    assertTrue(isForbidden(name, bad));
  }

  @Test
  void classUses_volatileFieldAndMonitor_areUses() throws IOException {
    assertTrue(sample().uses().containsAll(List.of("volatile", "synchronized")));
  }

  private static boolean isForbidden(String fence, String className) throws IOException {
    String qualified = Floors.ROOT + "." + className;
    return sample().uses().stream().anyMatch(use -> Fence.named(fence).forbids(qualified, use));
  }

  private static ClassUses sample() throws IOException {
    try (InputStream in = Sample.class.getResourceAsStream("LayersTest$Sample.class")) {
      return ClassUses.of(in.readAllBytes());
    }
  }

  private static Path mainClasses() throws URISyntaxException {
    return Path.of(
        StoreException.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static SourceFile core(String packageName, String imports, String member) {
    return SourceFile.of(
        "store-core/src/main/java/X.java",
        "package dev.quire.store."
            + packageName
            + ";\n\n"
            + imports
            + "final class X {\n"
            + member
            + "\n}\n");
  }

  private static Finding onlyFinding(List<Finding> findings) {
    assertEquals(1, findings.size(), findings::toString);
    return findings.getFirst();
  }

  /// Uses something of every fence.
  @SuppressWarnings({"unused", "restricted"})
  private static final class Sample {

    private volatile int shared;

    private org.lmdbjava.Env<MemorySegment> environment;

    private com.esotericsoftware.kryo.Kryo kryo;

    static Object everything(MemorySegment segment, FileChannel channel, Object lock) {
      synchronized (lock) {
        System.out.println(segment.get(ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN), 0));
      }
      new ReentrantLock().lock();
      VarHandle.fullFence();
      boolean swapped = WORD.compareAndSet(segment, 0L, 0L, new AtomicLong().get());
      Object boxed = Long.valueOf(LongStream.of(1).sum());
      return segment.reinterpret(channel == null ? 0 : 8);
    }

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
  }
}
