/// Loading a value once for all threads and processes:
/// [dev.quire.store.internal.cache.SingleFlight].
@NullMarked
package dev.quire.store.internal.cache;

import org.jspecify.annotations.NullMarked;
