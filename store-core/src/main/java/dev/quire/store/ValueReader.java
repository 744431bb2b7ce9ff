package dev.quire.store;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Reads a value in place, without a copy.
///
/// @param <T> the result, which must not be the segment or a slice of it
/// @param <X> what reading may throw; inferred as [RuntimeException] if it throws nothing checked
@FunctionalInterface
public interface ValueReader<T extends @Nullable Object, X extends Exception> {

  /// Reads the value.
  ///
  /// @param value exactly the value's bytes, read-only, at any alignment; valid until this method
  ///   returns. Multi-byte access needs the `_UNALIGNED` layouts of [java.lang.foreign.ValueLayout]
  T read(MemorySegment value) throws X;
}
