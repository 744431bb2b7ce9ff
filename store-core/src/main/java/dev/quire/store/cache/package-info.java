/// A table as a cache: bounded, expiring, loaded once for all processes. See
/// [dev.quire.store.cache.Cache].
@NullMarked
package dev.quire.store.cache;

import org.jspecify.annotations.NullMarked;
