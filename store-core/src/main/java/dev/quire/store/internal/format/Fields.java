package dev.quire.store.internal.format;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/// Where the fields of a struct are. Walks the struct's members: a path of the JDK's finds the
/// same, by method handles that a process would have to make before it opens its first store.
final class Fields {

  private Fields() {}

  /// @return the first byte of the named field, counted from the struct's start
  static long offset(StructLayout struct, String field) {
    long offset = 0;
    for (MemoryLayout member : struct.memberLayouts()) {
      if (field.equals(member.name().orElse(null))) {
        return offset;
      }
      offset += member.byteSize();
    }
    throw new IllegalArgumentException(struct + " has no field " + field);
  }
}
