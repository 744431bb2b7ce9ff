package dev.quire.store.internal.view;

/// A key and its value as the table has them.
///
/// @param value no bytes at all if only keys were asked for
public record RawEntry(byte[] key, byte[] value) {}
