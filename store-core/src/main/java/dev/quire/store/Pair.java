package dev.quire.store;

/// Two objects, as keys of [KeyCodec#pair]. Neither is null.
public record Pair<A, B>(A first, B second) {}
