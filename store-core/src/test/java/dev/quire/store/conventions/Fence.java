package dev.quire.store.conventions;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Something that only some packages of store-core may use, or only some may not.
///
/// @param name rule name
/// @param target what is fenced, matched against the whole of a use (see [ClassUses])
/// @param allows whether `places` are those that may use it; else those that may not
/// @param places packages below the root (`internal.tree`; with `.*` all below it), or classes
///   (`internal.region.Bytes`)
record Fence(String name, Pattern target, boolean allows, Set<String> places) {

  private static final Set<String> ENGINE =
      Set.of(
          "internal.region", "internal.format", "internal.page", "internal.tree", "internal.txn");

  /// The fences of store-core.
  static final List<Fence> ALL =
      List.of(
          only(
              "files",
              "java/nio/channels/FileChannel.*|java/nio/channels/FileLock|java/lang/foreign/Arena",
              "internal.region",
              "lmdb"),
          only(
              "segment fields",
              "java/lang/foreign/MemorySegment#(get|set|getAtIndex|setAtIndex|getString|setString)",
              "internal.format",
              "internal.region.Bytes",
              "internal.region.Checksum"),
          only("byte order", "java/nio/ByteOrder", "internal.format.Le"),
          only(
              "shared state",
              "java/util/concurrent/(locks|atomic)/.*|volatile|synchronized"
                  + "|java/lang/invoke/VarHandle#\\w*Fence",
              "internal.region",
              "internal.txn",
              "cache.CacheCounts",
              "lmdb"),
          only(
              "ordered access",
              "java/lang/invoke/VarHandle#(.*(Volatile|Opaque|Acquire|Release|CompareAnd).*"
                  + "|compareAnd.*|getAnd.*)",
              "internal.region",
              "internal.format",
              "internal.txn"),
          only(
              "restricted methods",
              "java/lang/foreign/(Linker|SymbolLookup).*|sun/misc/.*|jdk/internal/.*"
                  + "|java/lang/foreign/(MemorySegment#reinterpret|AddressLayout#withTarget.*)"
                  + "|java/lang/System#(load|loadLibrary)|java/lang/Module#implAdd.*",
              "lmdb"),
          only("native libraries", "org/lmdbjava/.*|jnr/.*", "lmdb"),
          only("optional libraries", "com/esotericsoftware/.*", "kryo"),
          only("console", "java/lang/System#(out|err|in)|.*#printStackTrace"),
          never(
              "pure floors",
              "java/io/.*|java/nio/channels/.*|java/nio/file/.*|java/lang/System\\$Logger"
                  + "|java/util/logging/.*|java/util/concurrent/.*|java/lang/Thread",
              "internal.format",
              "internal.tree"),
          never("streams", "java/util/stream/.*", "internal.*"),
          new Fence(
              "boxing",
              Pattern.compile("java/lang/(Boolean|Byte|Short|Character|Integer|Long)#valueOf"),
              false,
              ENGINE));

  private static Fence only(String name, String target, String... places) {
    return new Fence(name, Pattern.compile(target), true, Set.of(places));
  }

  private static Fence never(String name, String target, String... places) {
    return new Fence(name, Pattern.compile(target), false, Set.of(places));
  }

  /// The fence of a name.
  static Fence named(String name) {
    for (Fence fence : ALL) {
      if (fence.name.equals(name)) {
        return fence;
      }
    }
    throw new IllegalArgumentException(name);
  }

  /// Whether a class may not use something.
  ///
  /// @param className fully qualified, of an outermost class
  /// @param use see [ClassUses]
  boolean forbids(String className, String use) {
    return target.matcher(use).matches() && covers(className) != allows;
  }

  private boolean covers(String className) {
    String name = className.substring(Floors.ROOT.length() + 1);
    String packageName = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
    for (String place : places) {
      if (place.equals(name)
          || place.equals(packageName)
          || (place.endsWith(".*") && name.startsWith(place.substring(0, place.length() - 1)))) {
        return true;
      }
    }
    return false;
  }
}
