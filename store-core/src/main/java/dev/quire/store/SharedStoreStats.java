package dev.quire.store;

import java.time.Instant;

/// A store in named shared memory, as [Store#listShared] finds it.
///
/// @param name its name, or its token if it is temporary
/// @param temporary whether it ends with its last user
/// @param sizeBytes memory that it takes up
/// @param created when it was made
/// @param users processes that have it open
public record SharedStoreStats(
    String name, boolean temporary, long sizeBytes, Instant created, int users) {}
